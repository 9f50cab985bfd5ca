package methods

import (
	"testing"

	"github.com/mapstress/mapstress/target"
)

// A function may be called again by every Compute if the documentation of one says so.
func TestCallsAgain(t *testing.T) {
	names := Candidates{"Load": {"Get"}, "Store": {"Set"}, "Compute": {"Compute", "Update"}}
	one := Report{Choice: Choice{Load: 1, Store: 1, Compute: 1}, Again: map[string]string{"Update": "it may be called again"}}
	two := one
	two.Others = []Other{{Choice{Load: 1, Store: 1, Compute: 2}, "Update"}}
	for _, test := range []struct {
		of   string
		r    Report
		want target.Callback
	}{
		{"one that says nothing", one, target.Callback{}},
		{"two", two, target.Callback{Again: true, Quote: "it may be called again"}},
	} {
		got, err := Target("m", &test.r, names, makePlain)
		if err != nil || got.Contract.InCompute != test.want {
			t.Errorf("of %s: %+v, %v; want %+v", test.of, got.Contract.InCompute, err, test.want)
		}
	}
}
