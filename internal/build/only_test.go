package build

import (
	"io/fs"
	"testing/fstest"
)

// only returns what the library embeds of a checkout.
func only(checkout fs.FS) fs.FS {
	kept := fstest.MapFS{}
	for _, root := range []string{"go.mod", "go.sum", "target", "history", "scheduler", "oracle", "internal/child/wire", "internal/child/serve", "internal/buggy"} {
		fs.WalkDir(checkout, root, func(name string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && (d.Name() == "testdata" || d.Name() == "visual") {
				return fs.SkipDir
			}
			if err == nil && !d.IsDir() {
				data, err := fs.ReadFile(checkout, name)
				kept[name] = &fstest.MapFile{Data: data}
				return err
			}
			return err
		})
	}
	return kept
}
