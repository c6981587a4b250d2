package providers

import (
	"net/http"
	"time"

	"github.com/carewire/carewire/provider/bandwidth"
)

func bandwidthCarrier() carrier {
	const application = "93de2206-9669-4e07-948d-329f4b722ee2"
	signed := func(kind, to string, change object) *http.Request {
		m := object{"id": "m1", "owner": ours, "applicationId": application, "time": time.Now().UTC().Format(time.RFC3339), "segmentCount": 1}
		e := object{"time": time.Now().UTC().Format(time.RFC3339), "type": kind, "to": to, "description": "x", "message": m}
		for k, v := range change {
			if k == "errorCode" {
				e[k] = v
				continue
			}
			m[k] = v
		}
		r, _ := jsonRequest([]object{e})
		r.SetBasicAuth("hook", secret)
		return r
	}
	return carrier{
		name: "bandwidth", status: 202, late: true, accepted: `{"id":"accepted1","segmentCount":1,"direction":"out"}`,
		open: func(base string) (adapter, error) {
			return bandwidth.New(bandwidth.Config{
				AccountID: "9900000", ApplicationID: application, Username: "api", Password: secret,
				CallbackUsername: "hook", CallbackPassword: secret, From: ours, BaseURL: base,
			})
		},
		ref: field("tag"),
		inbound: func(id, text, to string) *http.Request {
			return signed("message-received", to, object{"id": id, "owner": to, "direction": "in", "to": []string{to}, "from": person, "text": text})
		},
		foreign: func() *http.Request {
			return signed("message-received", ours, object{
				"id": "in3", "direction": "in", "to": []string{ours}, "from": person, "text": "STOP", "applicationId": "11111111-9669-4e07-948d-329f4b722ee2",
			})
		},
		report: func(ref, id string, what news) *http.Request {
			m := object{"id": id, "direction": "out", "to": []string{person}, "from": ours, "text": "", "tag": ref}
			if what == optedOut {
				m["errorCode"] = 4775
			}
			return signed(what.pick("message-sent", "message-delivered", "message-failed"), person, m)
		},
		forge: func(r *http.Request) { r.SetBasicAuth("hook", "another") },
	}
}
