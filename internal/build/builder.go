package build

import (
	"context"
	"fmt"
	goversion "go/version"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/mapstress/mapstress/internal/instrument"
	"github.com/mapstress/mapstress/internal/match"
)

// A builder is how and where a child is built.
type builder struct {
	goCommand
	sources fs.FS
	spec    Spec
	found   *listed // the package in the module at hand; nil: it has a module of its own
	kept    string  // directory of the child
	plain   string  // that of the same child without hooks and race detector
}

// begin says how and where the child is built, or was.
func (c *Child) begin(ctx context.Context, sources fs.FS) (*builder, error) {
	b := &builder{goCommand: newCommand(c.Spec.Go), sources: sources}
	toolchain, err := b.run(ctx, "", "env", "GOVERSION", "GOFLAGS")
	if err != nil {
		return nil, fmt.Errorf("the go command is needed to build it: %w", err)
	}
	version, flags, _ := strings.Cut(string(toolchain), "\n")
	if c.Go = version; goversion.IsValid(version) && goversion.Compare(version, Oldest) < 0 {
		return nil, fmt.Errorf("the go command is of %s; want %s or a later one", version, Oldest)
	}
	b.env = append(b.env, "GOFLAGS="+readOnly(flags))
	how := string(toolchain)
	if !c.Spec.isOwn() {
		if b.found, err = b.resolve(ctx, &c.Spec); err != nil {
			return nil, err
		}
	}
	c.Local = b.found != nil
	if c.Local {
		if c.Root, _, c.Below, err = b.site(ctx, b.found); err != nil {
			return nil, err
		}
		content, err := b.content(ctx, c.Spec.Package)
		if err != nil {
			return nil, err
		}
		how += content
	}
	// Of what GOFLAGS may have, coverage cannot have the files of an overlay, and hooks are in the
	// place of what the others have the compiler do.
	b.flags = append(b.flags, "-cover=false")
	if !strings.Contains(flags, "-ldflags") {
		b.flags = append(b.flags, "-ldflags=-w") // nobody debugs it, and it is linked in half the time
	}
	plain := how
	if c.Spec.Controlled {
		b.flags, how = append(b.flags, "-race=false", "-msan=false", "-asan=false"), how+instrument.Fingerprint()
	}
	if c.Spec.Race {
		b.flags, how = append(b.flags, "-race"), how+"race"
	}
	b.spec = c.Spec
	cache, err := cacheDir()
	if err != nil {
		return nil, err
	}
	for _, d := range []struct{ dir, how *string }{{&b.kept, &how}, {&b.plain, &plain}} {
		id, err := fingerprint(c.Spec, *d.how, sources, written, match.Sources)
		if err != nil {
			return nil, err
		}
		*d.dir = filepath.Join(cache, id)
	}
	return b, nil
}

// within builds the child in the place for it.
func (b *builder) within(ctx context.Context, build func(p place, scratch string) error) error {
	err := b.inPlace(ctx, build)
	if err == nil && b.spec.Controlled {
		noteHooks(filepath.Dir(b.kept))
	}
	return err
}

// inPlace does something in the place where the child is built.
func (b *builder) inPlace(ctx context.Context, do func(p place, scratch string) error) error {
	cache := filepath.Dir(b.kept)
	if err := mkdir(cache); err != nil {
		return err
	}
	dropOld(cache)
	scratch, err := os.MkdirTemp(cache, "building-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	if b.found != nil {
		p, err := b.enter(ctx, b.sources, b.found, scratch)
		if err == nil && b.spec.Controlled {
			err = p.instrument(ctx, cache, p.path)
			// An assembler would want the directory, which is not there: see hooks.s.
			p.flags = append(p.flags, "-gcflags="+p.path+"/scheduler/controlled=-complete=false")
		}
		if err != nil {
			return err
		}
		return do(p, scratch)
	}
	m := newModule(scratch, b.goCommand)
	if err := copySources(b.sources, scratch, func(source []byte) []byte { return source }); err != nil {
		return err
	}
	if err := m.require(ctx, b.sources, b.spec); err != nil {
		return err
	}
	if b.spec.Controlled {
		if err := m.instrument(ctx, cache, ours); err != nil {
			return err
		}
	}
	return do(m, scratch)
}

// readOnly drops what would have the go command write the user's go.mod.
func readOnly(flags string) string {
	var kept []string
	for _, flag := range strings.Fields(flags) {
		if flag != "-mod=mod" && flag != "--mod=mod" {
			kept = append(kept, flag)
		}
	}
	return strings.Join(kept, " ")
}
