package train

import (
	"cmp"
	"slices"
)

// Folds divides rows into k parts of about the same size, so that all rows of a
// sector are in one part. It returns the rows of each.
func Folds(rows []Row, k int) [][]int {
	count := map[string]int{}
	for _, r := range rows {
		count[r.Sector]++
	}
	sectors := make([]string, 0, len(count))
	for s := range count {
		sectors = append(sectors, s)
	}
	slices.SortFunc(sectors, func(a, b string) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	size, part := make([]int, k), map[string]int{}
	for _, s := range sectors {
		smallest := 0
		for i := range size {
			if size[i] < size[smallest] {
				smallest = i
			}
		}
		part[s] = smallest
		size[smallest] += count[s]
	}
	folds := make([][]int, k)
	for i, r := range rows {
		p := part[r.Sector]
		folds[p] = append(folds[p], i)
	}
	return folds
}
