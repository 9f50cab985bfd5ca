package build

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/mapstress/mapstress/internal/pkgname"
)

// importedBy returns the packages that the one in a directory imports, by the names that it has
// for them: an expression may name what its constructor wants of them.
func importedBy(dir string) map[string]string {
	found := map[string]string{}
	files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			continue // the compiler says what is wrong, if it has a part in it
		}
		for _, spec := range f.Imports {
			p, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				continue
			}
			name := pkgname.Of(p)
			if spec.Name != nil {
				name = spec.Name.Name
			}
			found[name] = p
		}
	}
	return found
}
