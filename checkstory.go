package mapstress

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/mapstress/mapstress/internal/build"
	"github.com/mapstress/mapstress/internal/child/serve"
	"github.com/mapstress/mapstress/internal/story"
	"github.com/mapstress/mapstress/oracle"
)

// tell fails the test with a finding. A survey of a map that promises nothing fails none.
func (c *checking) tell(f *Finding, seed uint64) {
	c.t.Helper()
	again := fmt.Sprintf("go test%s -run '%s'", testFlags(), pattern(c.t.Name()))
	if f.Path == "" {
		again = ""
	}
	text := story.Traced(f.Case, f.Trace, again, false)
	if f.Path != "" {
		text += fmt.Sprintf("kept: %s, which is run first from now on\n", f.Path)
	}
	text += c.attempted(f, again)
	if alone := f.Verdict.Sequential || len(f.Case.Schedule.Workers) == 1; alone && f.Verdict.Rule == oracle.Phantom {
		text += "does the function that Check is given make a fresh map each time, which is empty and shares nothing with others?\n"
	}
	text += fmt.Sprintf("seed: %d", seed)
	if f.Unsafe {
		c.t.Logf("mapstress found:\n%s", text)
	} else {
		c.t.Errorf("mapstress found:\n%s", text)
	}
	c.keepArtifact(f.Path)
	if f.Controlled != nil {
		c.keepArtifact(f.Controlled.Path)
	}
}

// testFlags are those of this test binary that decide what is found: without the race detector it has
// no data races, and by other build tags it may lack the test.
func testFlags() (flags string) {
	if serve.Race {
		flags = " -race"
	}
	if tags := build.RunningTest("").Tags; tags != "" {
		flags += " -tags=" + tags
	}
	return flags
}

// attempted tells what came of trying a finding in controlled runs, if anybody has.
func (c *checking) attempted(f *Finding, again string) string {
	a := f.Controlled
	switch {
	case a == nil:
		return ""
	case a.Case == nil:
		return fmt.Sprintf("not in controlled runs: %s\n", strings.ReplaceAll(a.Reason, "\n", "\n  "))
	case a.Path == "":
		again = ""
	}
	text := fmt.Sprintf("\nin controlled runs it %s, by its decisions; found in run %s\n\n%s", story.Comes(f.Verdict, a.Case), story.Count(a.Tried), story.Traced(a.Case, a.Trace, again, false))
	if a.Path != "" {
		text += fmt.Sprintf("kept: %s, too\n", a.Path)
	}
	return text
}

// keepArtifact copies a case to where the test's artifacts go, if there is such a place.
func (c *checking) keepArtifact(path string) {
	t, ok := c.t.(interface{ ArtifactDir() string })
	if !ok || path == "" {
		return
	}
	data, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(filepath.Join(t.ArtifactDir(), filepath.Base(path)), data, 0o666)
	}
	if err != nil {
		c.t.Logf("mapstress: keep the case as an artifact: %v", err)
	}
}
