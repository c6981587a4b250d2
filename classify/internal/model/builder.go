package model

import (
	"encoding/binary"
	"math"
	"slices"
)

// Builder makes a [Linear] of weights in full precision.
type Builder struct {
	Small   map[uint32]bool
	Bias    [2]float64 // whole, clause
	Weights map[Feature][2]float64
	Log     int // log2 of the number of slots
}

// Bytes writes the model. The heaviest features are kept, up to seven tenths
// of the slots; the same builder gives the same bytes.
func (b *Builder) Bytes() []byte {
	keys := b.heaviest()
	var scale [Blocks][2]float64
	for _, f := range keys {
		for k, w := range b.Weights[f] {
			scale[f.Of()][k] = max(scale[f.Of()][k], math.Abs(w)/127)
		}
	}
	out := append([]byte(nil), magic...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(b.Small))) //nolint:gosec // some hundred
	out = binary.LittleEndian.AppendUint32(out, uint32(b.Log))        //nolint:gosec // at most 24
	put := func(x float64) { out = binary.LittleEndian.AppendUint32(out, math.Float32bits(float32(x))) }
	put(b.Bias[0])
	put(b.Bias[1])
	for _, s := range scale {
		put(s[0])
		put(s[1])
	}
	small := make([]uint32, 0, len(b.Small))
	for w := range b.Small {
		small = append(small, w)
	}
	slices.Sort(small)
	for _, w := range small {
		out = binary.LittleEndian.AppendUint32(out, w)
	}
	for _, s := range b.table(keys, scale) {
		out = append(out, s.print, byte(s.whole), byte(s.clause)) //nolint:gosec // the bits of a number
	}
	return out
}

// heaviest returns the features to keep, in order.
func (b *Builder) heaviest() []Feature {
	keys := make([]Feature, 0, len(b.Weights))
	for f := range b.Weights {
		keys = append(keys, f)
	}
	weight := func(f Feature) float64 { return math.Abs(b.Weights[f][0]) + math.Abs(b.Weights[f][1]) }
	slices.SortFunc(keys, func(x, y Feature) int {
		if p, q := weight(x), weight(y); p != q {
			if p > q {
				return -1
			}
			return 1
		}
		if x < y {
			return -1
		}
		return 1
	})
	keys = keys[:min(len(keys), 7<<b.Log/10)]
	slices.Sort(keys)
	return keys
}

// table puts the quantised features into slots.
func (b *Builder) table(keys []Feature, scale [Blocks][2]float64) []slot {
	slots := make([]slot, 1<<b.Log)
	mask := uint32(len(slots) - 1) //nolint:gosec // at most 2^24
	for _, f := range keys {
		w := b.Weights[f]
		s := slot{
			print: f.print(), whole: quantised(w[0], scale[f.Of()][0]), clause: quantised(w[1], scale[f.Of()][1]),
		}
		if s.whole == 0 && s.clause == 0 {
			continue
		}
		k := f.slot() & mask
		for slots[k].print != 0 && slots[k].print != s.print {
			k = (k + 1) & mask
		}
		if slots[k].print == 0 { // of two that look alike the first stays
			slots[k] = s
		}
	}
	return slots
}

func quantised(w, scale float64) int8 {
	if scale == 0 {
		return 0
	}
	return int8(max(-127, min(127, math.Round(w/scale))))
}
