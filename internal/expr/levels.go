package expr

// Levels is how many levels the tree of f, which must be valid, has.
func (f *Formula) Levels() int {
	n, _ := height(f.Root, 1, map[*Node]int{})
	return n
}
