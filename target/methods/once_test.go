package methods

import (
	"testing"

	"github.com/mapstress/mapstress/target"
)

// A Range that is documented to meet no key twice is held to that, if those of all shapes are.
func TestMeetsOnce(t *testing.T) {
	names := Candidates{"Load": {"Get"}, "Store": {"Set"}, "Range": {"Range", "All"}}
	only := Report{Choice: Choice{Load: 1, Store: 1, Range: 1}, Once: map[string]string{"Range": "no key twice"}}
	both := only
	both.Others = []Other{{Choice{Load: 1, Store: 1, Range: 2}, "All"}}
	none := only
	none.Choice.Range = 0
	for _, test := range []struct {
		of   string
		r    Report
		want target.Promise
	}{
		{"the only one", only, target.Promise{Level: target.Weak, Quote: "no key twice"}},
		{"one of two", both, target.Usual().Range},
		{"none", none, target.Usual().Range},
	} {
		got, err := Target("m", &test.r, names, makePlain)
		if err != nil || got.Contract.Range != test.want {
			t.Errorf("of %s: %+v, %v; want %+v", test.of, got.Contract.Range, err, test.want)
		}
	}
}
