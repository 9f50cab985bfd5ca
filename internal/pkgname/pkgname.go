// Package pkgname guesses the names of packages whose source is not at hand.
package pkgname

import (
	"path"
	"strings"

	"golang.org/x/mod/module"
)

// Of returns the name that a package has by its import path, as a rule: the end of the path,
// but for a major version, and for a "go" before or after it. It is an identifier wherever the
// path has letters, digits, hyphens and dots alone.
func Of(importPath string) string {
	if prefix, _, ok := module.SplitPathVersion(importPath); ok {
		importPath = prefix
	}
	name := strings.TrimPrefix(strings.TrimSuffix(path.Base(importPath), ".go"), "go-")
	return strings.NewReplacer("-", "_", ".", "_").Replace(name)
}
