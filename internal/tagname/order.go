package tagname

import "strings"

// Compare orders names level by level: bytes are compared as they are, but
// '/' comes before every other, so that a tag is followed by its whole
// subtree before the next name of its level ("a", "a/b", "a b").
func Compare(a, b string) int {
	n := min(len(a), len(b))
	for i := 0; i < n; i++ {
		if a[i] == b[i] {
			continue
		}
		if a[i] == '/' {
			return -1
		}
		if b[i] == '/' || a[i] > b[i] {
			return 1
		}
		return -1
	}
	return len(a) - len(b)
}

// Parent returns the path above path, and false for a top-level name.
func Parent(path string) (string, bool) {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return "", false
	}
	return path[:i], true
}

// Last returns the last level of path.
func Last(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// Levels returns the number of levels of a valid path.
func Levels(path string) int { return 1 + strings.Count(path, "/") }

// Within reports whether path is root or lies in its subtree.
func Within(path, root string) bool {
	return len(path) >= len(root) && path[:len(root)] == root &&
		(len(path) == len(root) || path[len(root)] == '/')
}
