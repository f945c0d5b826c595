package tagroar_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/tagroar/tagroar"

// The rooms of the library, lowest first. A room imports its own and lower ones;
// nothing points back. The first pattern that matches a folder gives its room.
var rooms = []struct {
	name     string
	patterns []string
}{
	{"foundations", []string{"internal/bitmap", "internal/column", "internal/cow", "internal/wire", "internal/disk", "internal/seal", "internal/tagname"}},
	{"internal/journal", []string{"internal/journal"}},
	{"internal/expr", []string{"internal/expr"}},
	{"internal/eval", []string{"internal/eval"}},
	{"tagset", []string{"tagset"}},
	{"query", []string{"query"}},
	{"export", []string{"export"}},
	{"programs", []string{".", "examples"}},
}

// Packages for tests alone: no file of the library may import them.
var testRooms = []string{"internal/oracle", "internal/realdata", "internal/script", "internal/crashfs",
	"internal/battery", "internal/battery/reliability", "internal/battery/run", "internal/seal/sealtest"}

// The modules whose packages the library may import itself; what these pull in
// is checked by .ci/run over the whole graph.
var allowedImports = []string{
	"github.com/RoaringBitmap/roaring/v2",
	"golang.org/x/exp/constraints",
	"golang.org/x/sys/cpu",
	"golang.org/x/text",
}

// Calls of roaring that overrun on hostile bytes, alias or overwrite their
// operands, or swallow errors. Without SetCopyOnWrite neither Clone nor Or writes
// to what it reads.
var ruledOut = []string{
	"MustReadFrom", "FrozenView", "FromBuffer", "FromUnsafeBytes", "ParHeapOr", "ParOr",
	"SetCopyOnWrite", "ToExistingArray",
}

func TestLayoutImportsPointDownwards(t *testing.T) {
	for _, f := range parseModule(t) {
		if f.isTest || slices.Contains(testRooms, f.dir) {
			continue
		}
		from, known := roomOf(f.dir)
		require.True(t, known, "%s: folder %s is in no room of architecture", f.name, f.dir)
		for _, to := range f.imports() {
			switch {
			case to == module || strings.HasPrefix(to, module+"/"):
				dir := strings.TrimPrefix(strings.TrimPrefix(to, module), "/")
				require.NotContains(t, testRooms, dir, "%s imports %s, which is for tests", f.name, to)
				room, known := roomOf(dir)
				require.True(t, known, "%s imports %s, which is in no room", f.name, to)
				require.LessOrEqual(t, room, from, "%s imports %s: that points upwards", f.name, to)
				if room == from && room == 0 {
					require.Contains(t, []string{f.dir, "internal/bitmap", "internal/wire"}, dir,
						"%s imports %s: the foundations stand side by side", f.name, to)
				}
			case strings.Contains(strings.SplitN(to, "/", 2)[0], "."):
				require.True(t, slices.ContainsFunc(allowedImports, func(m string) bool {
					return to == m || strings.HasPrefix(to, m+"/")
				}), "%s imports %s, which is not among the library's dependencies", f.name, to)
			default:
				require.NotEqual(t, "C", to, "%s uses cgo", f.name)
			}
		}
	}
}

func TestLayoutAvoidsRuledOutRoaringCalls(t *testing.T) {
	for _, f := range parseModule(t) {
		if f.isTest { // a test may make a broken bitmap to refuse
			continue
		}
		if !slices.ContainsFunc(f.imports(), func(p string) bool { return strings.HasPrefix(p, "github.com/RoaringBitmap/") }) {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if slices.Contains(ruledOut, sel.Sel.Name) {
					t.Errorf("%s: %s is ruled out", f.at(sel), sel.Sel.Name)
				}
			}
			return true
		})
	}
}

func TestLayoutExportsAreDocumented(t *testing.T) {
	documented := map[string]bool{} // folders with a package comment
	folders := map[string]string{}
	for _, f := range parseModule(t) {
		if f.isTest {
			continue
		}
		folders[f.dir] = f.name
		if f.syntax.Doc.Text() != "" {
			documented[f.dir] = true
		}
		if strings.HasPrefix(f.dir, "internal") || strings.HasPrefix(f.dir, "examples") {
			continue
		}
		for _, d := range f.syntax.Decls {
			for _, missing := range undocumented(d) {
				t.Errorf("%s: exported %s has no comment", f.at(missing), missing.Name)
			}
		}
	}
	for dir, name := range folders {
		require.True(t, documented[dir], "package of %s has no package comment", name)
	}
}

// undocumented lists the exported names of a top-level declaration that neither
// have a comment nor stand in a commented group of constants or variables.
func undocumented(d ast.Decl) (names []*ast.Ident) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc.Text() == "" && (d.Recv == nil || exportedReceiver(d.Recv)) {
			names = append(names, d.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && s.Doc.Text()+s.Comment.Text() == "" && (d.Lparen.IsValid() || d.Doc.Text() == "") {
					names = append(names, s.Name)
				}
			case *ast.ValueSpec:
				for _, n := range s.Names {
					if n.IsExported() && s.Doc.Text()+s.Comment.Text()+d.Doc.Text() == "" {
						names = append(names, n)
					}
				}
			}
		}
	}
	return names
}

func exportedReceiver(fields *ast.FieldList) bool {
	e := fields.List[0].Type
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return false
		}
	}
}

// A file is one Go file of this module, bench (a module of its own) left out.
type file struct {
	name, dir string // slash-separated, relative to the module; dir of the root is ""
	isTest    bool
	fset      *token.FileSet
	syntax    *ast.File
}

func (f file) at(n ast.Node) token.Position { return f.fset.Position(n.Pos()) }

func (f file) imports() []string {
	var paths []string
	for _, spec := range f.syntax.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err == nil { // always: the parser has accepted it
			paths = append(paths, p)
		}
	}
	return paths
}

func roomOf(dir string) (int, bool) {
	if dir == "" {
		dir = "."
	}
	for i, r := range rooms {
		for _, p := range r.patterns {
			if dir == p || strings.HasPrefix(dir, p+"/") {
				return i, true
			}
		}
	}
	return 0, false
}

func parseModule(t *testing.T) []file {
	t.Helper()
	var files []file
	fset := token.NewFileSet()
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			switch base := d.Name(); {
			case name == ".":
				return nil
			case name == "bench", base == "testdata", strings.HasPrefix(base, "."), strings.HasPrefix(base, "_"):
				return fs.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		slashed := filepath.ToSlash(name)
		syntax, err := parser.ParseFile(fset, slashed, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir := path.Dir(slashed)
		if dir == "." {
			dir = ""
		}
		files = append(files, file{
			name: slashed, dir: dir, fset: fset, syntax: syntax,
			isTest: strings.HasSuffix(name, "_test.go"),
		})
		return nil
	})
	require.NoError(t, err)
	require.NotEmpty(t, files)
	return files
}
