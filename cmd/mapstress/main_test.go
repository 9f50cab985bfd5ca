package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/mapstress/mapstress"
)

// TestMain makes the test binary double as mapstress, by that name, and as its
// children.
func TestMain(m *testing.M) {
	mapstress.Serve()
	testscript.Main(m, map[string]func(){"mapstress": main})
}

// TestScripts runs testdata/script. Beside what testscript knows, the scripts
// have:
//
//	exits CODE COMMAND...     run it, and want that exit code
//	printed CODE FLAGS...     run the last command that standard output says to
//	                          replay with, with the flags added, by the shell
//	edit FILE OLD NEW RESULT  write RESULT: FILE with OLD, which must be there,
//	                          replaced by NEW
//	jsonlines TYPE...         want standard output to be JSON objects, one a line,
//	                          with all the fields they must have, and each type
//	                          among them at least once
//	case FILE                 copy testdata/case/FILE here
//	junit FILE OUTCOME...     want FILE to be XML from one end to the other, with
//	                          tests, and want a test with each OUTCOME: failure,
//	                          error, skipped or system-out
func TestScripts(t *testing.T) {
	cases, err := filepath.Abs("testdata/case")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("CASES", cases)
			e.Setenv("XDG_CACHE_HOME", filepath.Join(e.WorkDir, ".cache"))
			// What takes a build of all packages has the user's, so that it is done once.
			cache, err := os.UserCacheDir()
			if err != nil {
				return err
			}
			e.Setenv("CACHE", cache)
			for name, value := range goEnvironment() {
				e.Setenv(name, value)
			}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits, "printed": printed, "edit": edit, "jsonlines": jsonLines, "case": copyCase, "junit": junitFile,
		},
		RequireExplicitExec: true,
	})
}

// goEnvironment is what the go command needs where there is no home: its caches, and
// where modules are from.
func goEnvironment() map[string]string {
	out, err := exec.Command("go", "env", "-json", "GOCACHE", "GOMODCACHE", "GOPROXY", "GOSUMDB", "GONOSUMDB", "GOTOOLCHAIN").Output()
	env := map[string]string{}
	if err == nil {
		err = json.Unmarshal(out, &env)
	}
	if err != nil {
		return nil // the script that needs it says so
	}
	return env
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	wantExit(ts, args[0], ts.Exec(args[1], args[2:]...))
}

func wantExit(ts *testscript.TestScript, want string, err error) {
	got := 0
	if err != nil {
		failed, ok := err.(*exec.ExitError)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = failed.ExitCode()
	}
	if strconv.Itoa(got) != want {
		ts.Fatalf("exit code %d; want %s", got, want)
	}
}

// replayLine is what every story ends with.
var replayLine = regexp.MustCompile(`(?m)^replay: (.+)$`)

func printed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: printed CODE FLAGS...")
	}
	all := replayLine.FindAllStringSubmatch(ts.ReadFile("stdout"), -1)
	if len(all) == 0 {
		ts.Fatalf("no command to replay with was printed")
	}
	command := strings.Join(append([]string{all[len(all)-1][1]}, args[1:]...), " ")
	ts.Logf("[shell] %s", command)
	wantExit(ts, args[0], ts.Exec("sh", "-c", command))
}

func edit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: edit FILE OLD NEW RESULT")
	}
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("no %q in %s", args[1], args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[3]), []byte(strings.ReplaceAll(text, args[1], args[2])), 0o666))
}

func copyCase(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: case FILE")
	}
	data, err := os.ReadFile(filepath.Join(ts.Getenv("CASES"), args[0]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o666))
}
