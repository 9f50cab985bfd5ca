// Package instrument writes the overlay with which the go command builds a program whose
// goroutines can be stopped at every access to memory, atomic op, lock and wait.
//
// It reads Go's own sources where they are installed, changes a few lines of them, and
// adds a few functions. It knows nothing of what is done at a point: that is the engine's,
// in package controlled.
//
// The compiler's -race flag has every access call a function of the runtime. Without the
// race detector's build tag there is no such function in the runtime, so the overlay has
// those that package controlled is called by.
package instrument

import (
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

//go:embed added/*.txt
var added embed.FS

// An addition is a file that Go does not have.
type addition struct {
	file  string
	since int // as in patch
	text  string
}

var additions = []addition{
	{"runtime/mapstress.go", 0, "added/runtime.go.txt"},
	{"runtime/mapstress_amd64.s", 0, "added/switch_amd64.s.txt"},
	{"sync/mapstress.go", 0, "added/sync.go.txt"},
	{"sync/atomic/mapstress.go", 0, "added/atomic.go.txt"},
	{"internal/sync/mapstress.go", 24, "added/sync.go.txt"},
	{"internal/runtime/maps/mapstress.go", 24, "added/maps.go.txt"},
}

// before24 spells what was called otherwise in Go 1.23.
var before24 = strings.NewReplacer("\t\"internal/runtime/sys\"\n", "", "sys.GetCallerPC()", "getcallerpc()")

// Tag is the build tag of the packages that are called at points.
const Tag = "mapstress_controlled"

// Overlay writes an overlay for the Go of a root directory and a version such as
// "go1.26.8" into a directory, and returns the file that is to be given to go build as
// -overlay. The error is an [*AnchorError] if Go's sources are not those that it knows.
func Overlay(goroot, version, dir string) (string, error) {
	files, err := Files(goroot, version)
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	for name, text := range files {
		path := filepath.Join(dir, strings.ReplaceAll(name, "/", "__"))
		if err := write(path, []byte(text)); err != nil {
			return "", err
		}
		replace[filepath.Join(goroot, "src", filepath.FromSlash(name))] = path
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	return overlay, write(overlay, list)
}

// Files returns the overlay's files, by their names below GOROOT/src.
func Files(goroot, version string) (map[string]string, error) {
	minor, err := minorOf(version)
	if err != nil {
		return nil, err
	}
	if strings.Contains(version, "noswissmap") {
		return nil, fmt.Errorf("cannot instrument %s: what its built-in map accesses would go unseen; want it without GOEXPERIMENT=noswissmap", version)
	}
	files := map[string]string{"sync/atomic/asm.s": "// Empty: the functions have bodies.\n"}
	read := func(name string) (string, error) {
		if text, ok := files[name]; ok {
			return text, nil
		}
		data, err := os.ReadFile(filepath.Join(goroot, "src", filepath.FromSlash(name)))
		if os.IsNotExist(err) {
			return "", &AnchorError{File: name, Anchor: "package", Version: version}
		}
		return string(data), err
	}
	for i := range patches {
		p := &patches[i]
		if !p.fits(minor) {
			continue
		}
		text, err := read(p.file)
		if err != nil {
			return nil, err
		}
		if files[p.file], err = p.apply(text, version); err != nil {
			return nil, err
		}
	}
	for _, name := range []string{"sync/atomic/doc.go", "sync/atomic/doc_64.go"} {
		if name == "sync/atomic/doc_64.go" && minor < 24 {
			continue // all are in doc.go
		}
		text, err := read(name)
		if err != nil {
			return nil, err
		}
		if files[name], err = withBodies(name, text, version); err != nil {
			return nil, err
		}
	}
	for _, a := range additions {
		if minor < a.since {
			continue
		}
		text, err := added.ReadFile(a.text)
		if err != nil {
			return nil, err
		}
		if minor < 24 {
			files[a.file] = before24.Replace(string(text))
			continue
		}
		files[a.file] = string(text)
	}
	return files, nil
}

// minorOf returns 26 for "go1.26.8", and for "go1.26-abcdef".
func minorOf(version string) (int, error) {
	text, ok := strings.CutPrefix(version, "go1.")
	end := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	if end >= 0 {
		text = text[:end]
	}
	minor, err := strconv.Atoi(text)
	switch {
	case !ok || err != nil:
		return 0, fmt.Errorf("cannot instrument Go of version %q; want one such as go1.%d", version, newest)
	case minor < oldest:
		return 0, fmt.Errorf("cannot instrument %s; want go1.%d or later", version, oldest)
	}
	return minor, nil
}

// Supported says whether programs of this system can be instrumented. It needs to know the
// layout of words and the atomic ops of a processor; so far that is amd64.
func Supported() error {
	if systems := []string{"linux", "darwin", "windows", "freebsd"}; runtime.GOARCH != "amd64" || !slices.Contains(systems, runtime.GOOS) {
		return fmt.Errorf("controlled scheduling works on amd64 only so far, and this is %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	return nil
}

// Flags are those of go build, beside -overlay: everything reports points but the packages
// of these patterns, which are called at them.
func Flags(overlay string, quiet ...string) []string {
	flags := []string{"-overlay=" + overlay, "-tags=" + Tag, "-gcflags=all=-race -d=checkptr=0"}
	for _, pattern := range quiet {
		flags = append(flags, "-gcflags="+pattern+"=")
	}
	return flags
}

// Fingerprint is different for every change of the patches.
func Fingerprint() string {
	text := fmt.Sprintf("%+v\n", patches)
	for _, a := range additions {
		data, _ := added.ReadFile(a.text)
		text += fmt.Sprintf("%s %s\n%s", a.file, a.text, data)
	}
	return text
}
