package corpus

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle"
)

// numbered returns the sample with another schedule, so with another ID.
func numbered(n int) *Case {
	c := sample()
	c.Schedule.Workers[1][0].Key = uint64(n)
	return c
}

func mustSave(t *testing.T, s *Store, c *Case) string {
	t.Helper()
	path, err := s.Save(c)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestStore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "testdata", "mapstress")
	s := Open(dir)
	if cases, errs := s.LoadAll(); cases != nil || errs != nil {
		t.Fatalf("a store that is not there: %v, %v", cases, errs)
	}
	if cases, errs := s.Load("sync.Map"); cases != nil || errs != nil {
		t.Fatalf("a target that is not there: %v, %v", cases, errs)
	}
	c := sample()
	path := mustSave(t, s, c)
	if want := filepath.Join(dir, "sync.Map", c.ID()+".txtar"); path != want || s.Path(c) != want {
		t.Errorf("saved as %s, want %s", path, want)
	}
	mustSave(t, s, c) // again, in its place
	other := sample()
	other.Target = "map"
	mustSave(t, s, other)

	cases, errs := s.Load("sync.Map")
	if c.File = path; len(errs) > 0 || !reflect.DeepEqual(cases, []*Case{c}) {
		t.Errorf("got %+v, %v; want %+v", cases, errs, c)
	}
	if all, errs := s.LoadAll(); len(errs) > 0 || len(all) != 2 || all[0].Target != "map" || all[1].Target != "sync.Map" {
		t.Errorf("got %+v, %v", all, errs)
	}
	if found, ok := s.Find("sync.Map", c.Verdict); !ok || found.ID() != c.ID() {
		t.Errorf("found %+v, %t", found, ok)
	}
	if _, ok := s.Find("sync.Map", oracle.Verdict{Class: oracle.Hang}); ok {
		t.Error("found a finding that nobody saved")
	}
	for range 2 { // a file that is gone is no error
		if err := s.Remove(c); err != nil {
			t.Error(err)
		}
	}
	if cases, errs := s.Load("sync.Map"); cases != nil || errs != nil {
		t.Errorf("after Remove: %v, %v", cases, errs)
	}
}

func TestLoadGoesOn(t *testing.T) {
	s := Open(t.TempDir())
	for n := range 3 {
		mustSave(t, s, numbered(n))
	}
	dir := filepath.Join(s.dir, "sync.Map")
	misplaced := sample()
	misplaced.Target = "map"
	for name, data := range map[string]string{
		"bad.txtar":       "# mapstress case v7\n",
		"misplaced.txtar": string(misplaced.Format()),
		"README.md":       "no case",
		".new-1.tmp":      "half a ca",
		".hidden.txtar":   "a system's own",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range []string{filepath.Join(dir, "sub.txtar"), filepath.Join(s.dir, ".git")} {
		if err := os.Mkdir(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		filepath.Join(dir, "bad.txtar") + ": case format v7 is newer than this mapstress knows (v1)",
		filepath.Join(dir, "misplaced.txtar") + `: a case of target "map", which belongs in the directory "map"`,
	}
	for name, load := range map[string]func() ([]*Case, []error){
		"Load": func() ([]*Case, []error) { return s.Load("sync.Map") }, "LoadAll": s.LoadAll,
	} {
		cases, errs := load()
		if got := fmt.Sprint(errs); got != fmt.Sprint(want) {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
		if len(cases) != 3 || cases[0].File >= cases[1].File || cases[1].File >= cases[2].File {
			t.Errorf("%s: got %d cases, want 3 in order", name, len(cases))
		}
	}
}

func TestReplace(t *testing.T) {
	s := Open(t.TempDir())
	big, small := numbered(1), numbered(2)
	small.Schedule.Workers = [][]history.Op{small.Schedule.Workers[1]}
	mustSave(t, s, big)
	path, err := s.Replace(big, small)
	if err != nil || path != s.Path(small) {
		t.Fatal(path, err)
	}
	cases, errs := s.Load("sync.Map")
	if len(errs) > 0 || len(cases) != 1 || cases[0].ID() != small.ID() {
		t.Errorf("got %v, %v", cases, errs)
	}
	// Replaced by itself, it stays.
	if _, err := s.Replace(small, small); err != nil {
		t.Fatal(err)
	}
	// A case that was named by hand goes by its file.
	hand := filepath.Join(filepath.Dir(path), "issue7.txtar")
	if err := os.Rename(path, hand); err != nil {
		t.Fatal(err)
	}
	cases, _ = s.Load("sync.Map")
	if _, err := s.Replace(cases[0], small); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(hand); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the replaced file is still there: %v", err)
	}
	// A case from somewhere else is left where it is.
	outside := filepath.Join(t.TempDir(), "x.txtar")
	if err := os.WriteFile(outside, small.Format(), 0o644); err != nil {
		t.Fatal(err)
	}
	small.File = outside
	if err := s.Remove(small); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(outside); err != nil {
		t.Error(err)
	}
	if cases, _ := s.Load("sync.Map"); len(cases) != 0 {
		t.Errorf("Remove left %v", cases)
	}
}

// A failed Replace keeps the old case.
func TestReplaceKeepsOld(t *testing.T) {
	s := Open(t.TempDir())
	old := numbered(1)
	mustSave(t, s, old)
	s.create = brokenFile{write: syscall.ENOSPC}.create
	if _, err := s.Replace(old, numbered(2)); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("got %v", err)
	}
	if cases, errs := s.Load("sync.Map"); len(cases) != 1 || len(errs) > 0 {
		t.Errorf("got %v, %v", cases, errs)
	}
}

func TestSaveUnreadable(t *testing.T) {
	s := Open(t.TempDir())
	for want, change := range map[string]func(*Case){
		`no section "schedule"; is the file cut short?`: func(c *Case) { c.Schedule = nil },
		"schedule: 0 workers; want 1 to 64":             func(c *Case) { c.Schedule.Workers = nil },
		`case.json: class "clean" is not a finding`:     func(c *Case) { c.Verdict.Class = oracle.Clean },
		`history line 1: unknown word "gibberish"; want earlier, prefill, rest, held, foreign, or a worker such as w0`: func(c *Case) { c.History = "gibberish" },
	} {
		c := sample()
		change(c)
		_, err := s.Save(c)
		if want := "keep case " + s.Path(c) + ": it could not be read again: " + want; err == nil || err.Error() != want {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
	if entries, _ := os.ReadDir(s.dir); len(entries) != 0 {
		t.Errorf("something was written: %v", entries)
	}
}

// What is no case may be of any size.
func TestReadFileTooLarge(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large.txtar")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, maxSize+1); err != nil { // a hole, where there are any
		t.Fatal(err)
	}
	if _, err := ReadFile(path); err == nil || err.Error() != path+": larger than 64 MiB, which no case is" {
		t.Errorf("got %v", err)
	}
}

// A file stands where the directory should be. (Permissions would not stop root.)
func TestSaveNoDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "corpus")
	if err := os.WriteFile(dir, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	s, c := Open(dir), sample()
	_, err := s.Save(c)
	if err == nil || !strings.HasPrefix(err.Error(), "keep case "+s.Path(c)+": ") || !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("got %v", err)
	}
	other := sample()
	other.Seed++
	_, again := s.Save(other)
	if !s.Fresh(c.Target, err) || s.Fresh(c.Target, again) || !s.Fresh("another", again) || !s.Fresh(c.Target, syscall.EIO) {
		t.Errorf("of %v, then %v: want the first alone", err, again)
	}
	if _, errs := s.LoadAll(); len(errs) != 1 || !strings.HasPrefix(errs[0].Error(), "read cases of "+dir+": ") {
		t.Errorf("got %v", errs)
	}
}

// A brokenFile is a file whose disk fails at one step: after a few bytes, when
// it is flushed, or when it is closed.
type brokenFile struct {
	*os.File
	write, sync, close error
}

func (f brokenFile) create(dir string) (file, error) {
	var err error
	f.File, err = os.CreateTemp(dir, ".new-*.tmp")
	return f, err
}

func (f brokenFile) Write(data []byte) (int, error) {
	if f.write != nil {
		n, _ := f.File.Write(data[:10])
		return n, f.write
	}
	return f.File.Write(data)
}

func (f brokenFile) Sync() error  { return errors.Join(f.File.Sync(), f.sync) }
func (f brokenFile) Close() error { return errors.Join(f.File.Close(), f.close) }

func TestSaveBrokenDisk(t *testing.T) {
	for name, broken := range map[string]brokenFile{
		"write": {write: syscall.ENOSPC}, "sync": {sync: syscall.EIO}, "close": {close: syscall.EDQUOT},
	} {
		s, c := Open(t.TempDir()), sample()
		path := mustSave(t, s, c)
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		s.create = broken.create
		c.Evidence = "new"
		_, err = s.Save(c)
		if want := errors.Join(broken.write, broken.sync, broken.close); err == nil || err.Error() != "keep case "+path+": "+want.Error() {
			t.Errorf("%s: got %v, want %v", name, err, want)
		}
		if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
			t.Errorf("%s: the file has changed: %v", name, err)
		}
		if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
			t.Errorf("%s: left behind: %v", name, entries)
		}
	}
}

// Writers of the same and of other cases, replacers and readers, all at once.
func TestStoreConcurrent(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for w := range 8 {
		all.Add(1)
		go func() {
			defer all.Done()
			s := Open(dir)
			for i := range 15 {
				c := numbered(i % 5)
				c.Reproduced.Runs += w
				if _, err := s.Replace(numbered((i+1)%5), c); err != nil {
					t.Error(err)
				}
				if _, errs := s.LoadAll(); len(errs) > 0 {
					t.Error(errs)
				}
			}
		}()
	}
	all.Wait()
	entries, err := os.ReadDir(filepath.Join(dir, "sync.Map"))
	if err != nil || len(entries) == 0 || len(entries) > 5 {
		t.Errorf("got %v, %v", entries, err)
	}
}

// A process is killed while it saves, over and over: what it leaves is whole.
func TestStoreKilled(t *testing.T) {
	const env = "MAPSTRESS_CORPUS_TEST_DIR"
	if dir := os.Getenv(env); dir != "" {
		saveForEver(dir)
	}
	dir := t.TempDir()
	s := Open(dir)
	for range 10 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestStoreKilled$")
		cmd.Env = append(os.Environ(), env+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; n < 5 && lines.Scan(); n++ { // let it get going
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // killed, as it should be
		if cases, errs := s.LoadAll(); len(cases) == 0 || len(errs) > 0 {
			t.Fatalf("%d cases, %v", len(cases), errs)
		}
	}
}

func saveForEver(dir string) {
	s := Open(dir)
	for n := 0; ; n = (n + 1) % 3 {
		c := numbered(n)
		c.Evidence = strings.Repeat("evidence\n", MaxEvidence/9)
		if _, err := s.Save(c); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(n)
	}
}

func TestDirName(t *testing.T) {
	for target, want := range map[string]string{
		"sync.Map":                         "sync.Map",
		"map+mutex":                        "map+mutex",
		"xsync@v4.1":                       "xsync@v4.1",
		"github.com/x/y@v1 New[int,int]()": "_github.com_x_y@v1_New_int_int-e814d9ac",
		"":                                 "_-e3b0c442",
		".":                                "_-cdb4ee2a",
		"..":                               "_-5ec1f7e7",
		"../../etc":                        "_etc-",
		"a/":                               "_a-",
		"a.":                               "_a-",
		"-a":                               "_a-",
		"con":                              "_con-",
		"NUL.map":                          "_NUL.map-",
		"a\x00b":                           "_a_b-",
		"карта":                            "_-",
		strings.Repeat("long", 30):         "_" + strings.Repeat("long", 12) + "-",
	} {
		got := dirName(target)
		if got != want && !(strings.HasSuffix(want, "-") && strings.HasPrefix(got, want) && len(got) == len(want)+8) {
			t.Errorf("%q: got %q, want %q", target, got, want)
		}
		if !filepath.IsLocal(got) || strings.ContainsAny(got, `/\:`) {
			t.Errorf("%q: %q is not the name of one directory", target, got)
		}
	}
	if dirName("a/b") == dirName("a b") {
		t.Error("two targets in one directory")
	}
}

// TestWritable: that a directory cannot be written in is known before there is a case, and it is not
// made to find out.
func TestWritable(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "taken")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		dir:                            "",
		filepath.Join(dir, "new/kept"): "",
		file:                           file + " is not a directory",
		filepath.Join(file, "kept"):    file + " is not a directory",
	} {
		err := Open(path).Writable()
		if (err == nil) != (want == "") || err != nil && !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: got %v; want %q", path, err, want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "new")); err == nil {
		t.Error("it was made")
	}
	closed := filepath.Join(dir, "closed")
	if err := os.Mkdir(closed, 0o555); err != nil {
		t.Fatal(err)
	}
	if f, err := os.Create(filepath.Join(closed, "x")); err == nil {
		f.Close()
		return // root may
	}
	if err := Open(filepath.Join(closed, "kept")).Writable(); access(closed) != nil && (err == nil || !strings.Contains(err.Error(), "no case can be written in "+closed)) {
		t.Errorf("got %v", err)
	}
}
