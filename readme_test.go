package tagroar_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every Go block of the READMEs is code of example_tour_test.go, word for word, so
// it compiles and what it prints is checked; both languages show the same blocks.
func TestReadmeCode(t *testing.T) {
	tour := readText(t, "example_tour_test.go")
	var blocks [2][]string
	for i, name := range []string{"README.md", "README.zh-CN.md"} {
		blocks[i] = goBlocks(readText(t, name))
		require.NotEmpty(t, blocks[i], name)
		for _, b := range blocks[i] {
			for _, part := range snippets(b) {
				require.Contains(t, tour, part, "a block of %s is not in example_tour_test.go", name)
			}
		}
	}
	require.Equal(t, blocks[0], blocks[1], "the READMEs show different code")
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
// program each function (main's body alone), else the block, one tab further in.
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
	var parts []string
	for _, f := range strings.Split(block, "\nfunc ")[1:] {
		if body, ok := strings.CutPrefix(f, "main() {\n"); ok {
			parts = append(parts, strings.TrimSuffix(strings.TrimRight(body, "\n"), "}"))
			continue
		}
		parts = append(parts, "func "+f)
	}
	return parts
}

func goBlocks(text string) (blocks []string) {
	for {
		_, after, found := strings.Cut(text, "\n```go\n")
		if !found {
			return blocks
		}
		block, after, _ := strings.Cut(after, "\n```\n")
		blocks = append(blocks, block+"\n")
		text = after
	}
}

func readText(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	require.NoError(t, err)
	return strings.ReplaceAll(string(b), "\r\n", "\n")
}
