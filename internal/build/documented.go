package build

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/mapstress/mapstress/internal/match"
)

// unsafely are the words with which documentations say that concurrent use is not promised, and
// safely those that say it is.
var (
	unsafely = regexp.MustCompile(`(?i)\b(not|non|isn't|never)[- ](\w+[- ]){0,2}?((thread|goroutine|concurren\w+)( \(\w+\))?[- ]?safe|safe\b.{0,30}\b(concurren\w+|goroutines|threads))|\bunsafe\b.{0,60}\b(concurren\w+|goroutines|threads)\b` +
		`|\b(may|must|can|should)( ?not| never) be \w+ (\w+ ){0,2}?(concurrently|(by|from|in) (multiple|several|different) (threads|goroutines))` +
		`|(\bnot|n't) ((designed|intended|meant|suitable|suited) for|support) (\w+ )?concurrent\b` +
		`|(\bnot|n't) (designed|guaranteed|intended|meant) to be (\w+ )?(thread|goroutine|concurren\w+)[- ]?safe\b` +
		`|(\bnot|n't) safe\b.{0,80}\b(any|another|other|different|more than one) (other )?(goroutine|thread)s?\b` +
		`|\b(only|must)\b.{0,40}\b(by|from|in|on|within) (a single|one|the same) (goroutine|thread)\b`)
	safely = regexp.MustCompile(`(?i)\b(thread|goroutine|concurren\w+)[- ]?safe|\bsafe\b.{0,30}\b(concurren\w+|goroutines|threads)`)
	// narrower are the words of a sentence that speaks of some uses only, or of what the map holds.
	narrower = regexp.MustCompile(`(?i)\b(iterat\w*|unless|callbacks?|functions?|returned|while|modif\w*|clients?|callers?|pointers?|mutat\w*|concurrently with)\b`)
	// ofOthers are the names of other types' methods, whose words say nothing.
	ofOthers = regexp.MustCompile(`\b[A-Z]\w*\.[A-Z]\w*`)
	// ofWriting is what is done to the map itself.
	ofWriting = regexp.MustCompile(`(?i)\bconcurrent (modification|mutation)s?\b`)
)

// documentedUnsafe returns the sentence in which the package in a directory says that its type,
// or what the expression calls, is not for concurrent use; empty if there is none. The package's
// own comment counts if it names no other type.
func documentedUnsafe(dir, typeName, expr string) string {
	d := readDocs(dir)
	own := []string{d.types[typeName]}
	for name, doc := range d.funcs {
		if regexp.MustCompile(`\b` + name + `\b`).MatchString(expr) {
			own = append(own, doc)
		}
	}
	for _, doc := range own {
		if sentence := saysUnsafe(doc); sentence != "" {
			return sentence
		}
	}
	for _, doc := range own {
		if safely.MatchString(doc) {
			return ""
		}
	}
	sentence := saysUnsafe(d.pkg)
	for name := range d.types {
		if name != typeName && regexp.MustCompile(`\b`+name+`\b`).MatchString(sentence) {
			return ""
		}
	}
	return sentence
}

// builtinUnsafe is what is documented of a built-in map, whatever methods it has.
const builtinUnsafe = "Map access is unsafe only when updates are occurring. (The Go FAQ, of a built-in map, which this is)"

// isBuiltin reports whether a map's type is that of a built-in map of its keys and values, as
// http.Header is, of several values for each key.
func isBuiltin(t *match.Type, a *match.Adapter) bool {
	return t.Kind == "map" && t.Key != nil && t.Key.Text == a.Key && (t.Elem.Text == a.Value || t.Elem.Text == "[]"+a.Value)
}

// typeIn returns the name of a type of a package, such as Map of *cache.Map[string,int]; empty if
// it is another package's.
func typeIn(pkg, text string) string {
	name, ok := strings.CutPrefix(strings.TrimLeft(text, "*"), pkg+".")
	if !ok {
		return ""
	}
	name, _, _ = strings.Cut(name, "[")
	return name
}

var sentenceEnd = regexp.MustCompile(`[.!?]\s+|\n\s*\n`)

// saysUnsafe returns the sentence of a comment that says so.
func saysUnsafe(doc string) string {
	for _, sentence := range sentences(doc) {
		if unsafely.MatchString(sentence) && !narrower.MatchString(ofOthers.ReplaceAllString(ofWriting.ReplaceAllString(sentence, ""), "")) {
			return sentence
		}
	}
	return ""
}

// sentences are those of a comment, each in one line.
func sentences(doc string) (all []string) {
	for from := 0; from < len(doc); {
		end := len(doc)
		if at := sentenceEnd.FindStringIndex(doc[from:]); at != nil {
			end = from + at[1]
		}
		all = append(all, strings.Join(strings.Fields(doc[from:end]), " "))
		from = end
	}
	return all
}

// docs are the comments of a package's exported names.
type docs struct {
	pkg          string
	types, funcs map[string]string
	hidden       map[string]string // types that are not exported
	methods      map[string]string // by "Type.Method"
}

func readDocs(dir string) docs {
	d := docs{types: map[string]string{}, hidden: map[string]string{}, funcs: map[string]string{}, methods: map[string]string{}}
	files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			continue // the compiler says what is wrong, if it has a part in it
		}
		d.pkg += file.Doc.Text() + "\n\n"
		for _, decl := range file.Decls {
			d.add(decl)
		}
	}
	return d
}

func (d *docs) add(decl ast.Decl) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		switch {
		case !decl.Name.IsExported():
		case decl.Recv == nil:
			d.funcs[decl.Name.Name] = decl.Doc.Text()
		default:
			d.methods[receiver(decl.Recv.List[0].Type)+"."+decl.Name.Name] = decl.Doc.Text()
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			if t, ok := spec.(*ast.TypeSpec); ok {
				of := d.hidden
				if t.Name.IsExported() {
					of = d.types
					d.addMethods(t)
				}
				of[t.Name.Name] = decl.Doc.Text() + "\n\n" + t.Doc.Text()
			}
		}
	}
}

// addMethods adds the methods of an interface.
func (d *docs) addMethods(t *ast.TypeSpec) {
	of, ok := t.Type.(*ast.InterfaceType)
	if !ok {
		return
	}
	for _, method := range of.Methods.List {
		for _, name := range method.Names {
			d.methods[t.Name.Name+"."+name.Name] = method.Doc.Text()
		}
	}
}
