package tagroar_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every Go block of the READMEs is code of the tour's files, word for word, so it
// compiles and what it prints is checked; both languages show the same blocks.
func TestReadmeCode(t *testing.T) {
	tour := readTour(t)
	var blocks [2][]string
	for i, name := range []string{"README.md", "README.zh-CN.md"} {
		blocks[i] = blocksOf(readText(t, name), "go")
		require.NotEmpty(t, blocks[i], name)
		for _, b := range blocks[i] {
			for _, part := range snippets(b) {
				if !strings.Contains(tour, part) {
					t.Errorf("%s: this is not in the tour:\n%s", name, part)
				}
			}
		}
	}
	require.Equal(t, blocks[0], blocks[1], "the READMEs show different code")
}

// What the READMEs show as printed is what an example is checked against.
func TestReadmeOutput(t *testing.T) {
	tour := readTour(t)
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		shown := blocksOf(readText(t, name), "text")
		require.NotEmpty(t, shown)
		for _, block := range shown {
			var b strings.Builder
			for line := range strings.Lines(block) {
				b.WriteString("\t// " + line)
			}
			if !strings.Contains(tour, b.String()) && !strings.Contains(tour, "// Output: "+block) {
				t.Errorf("%s: this is not an output in the tour:\n%s", name, block)
			}
		}
	}
}

// Every relative link of the READMEs leads to a file.
func TestReadmeLinks(t *testing.T) {
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		rest := readText(t, name)
		for {
			_, after, found := strings.Cut(rest, "](")
			if !found {
				break
			}
			link, after, _ := strings.Cut(after, ")")
			rest = after
			if strings.Contains(link, "://") || strings.HasPrefix(link, "#") {
				continue
			}
			_, err := os.Stat(link)
			require.NoError(t, err, "%s links to %s", name, link)
		}
	}
}

// snippets are the parts of a block that stand in one piece in the tour: of a
// program main's body and what follows it, else a function, or the block one tab
// further in.
func snippets(block string) []string {
	if !strings.HasPrefix(block, "package main\n") {
		if strings.HasPrefix(block, "func ") {
			return []string{block}
		}
		var b strings.Builder
		for line := range strings.Lines(block) {
			if line != "\n" {
				b.WriteByte('\t')
			}
			b.WriteString(line)
		}
		return []string{b.String()}
	}
	_, after, _ := strings.Cut(block, "func main() {\n")
	body, rest, _ := strings.Cut(after, "\n}\n")
	return []string{body + "\n", strings.TrimLeft(rest, "\n")}
}

// blocksOf gives the fenced blocks of one language.
func blocksOf(text, language string) (blocks []string) {
	for {
		_, after, found := strings.Cut(text, "\n```"+language+"\n")
		if !found {
			return blocks
		}
		block, after, _ := strings.Cut(after, "\n```\n")
		blocks = append(blocks, block+"\n")
		text = after
	}
}

// readTour gives the text of the files that the tour stands in.
func readTour(t *testing.T) string {
	t.Helper()
	return readText(t, "example_tour_test.go") + readText(t, "example_tour_tags_test.go") + readText(t, "example_tour_durable_test.go")
}

func readText(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	require.NoError(t, err)
	return strings.ReplaceAll(string(b), "\r\n", "\n")
}
