package mapstress

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
)

// checks counts the calls of Check in each run of a test, so that a child knows which
// is meant.
var checks struct {
	sync.Mutex
	of map[string]int // guarded by Mutex
}

func checkID(t T) string {
	checks.Lock()
	defer checks.Unlock()
	test := t.Name()
	if checks.of == nil {
		checks.of = map[string]int{}
	}
	if checks.of[test]++; checks.of[test] == 1 {
		t.Cleanup(func() { // with -count there is another run
			checks.Lock()
			defer checks.Unlock()
			delete(checks.of, test)
		})
	}
	return fmt.Sprintf("check %d of %s", checks.of[test], test)
}

// childArgs has the test binary run one test, and the arguments that are not testing's.
func childArgs(test string) []string {
	args := []string{"-test.run=" + pattern(test), "-test.count=1", "-test.timeout=0"}
	for _, arg := range os.Args[1:] {
		if !strings.HasPrefix(arg, "-test.") && !strings.HasPrefix(arg, "--test.") {
			args = append(args, arg)
		}
	}
	return args
}

// pattern matches one test, or subtest, and no other.
func pattern(test string) string {
	parts := strings.Split(test, "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	return strings.Join(parts, "/")
}

// short reports whether the tests were asked to be short.
func short() bool {
	f := flag.Lookup("test.short")
	return f != nil && f.Value.String() == "true"
}
