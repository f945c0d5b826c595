package crashfs_test

import "maps"

// A naive is what the rules of the package comment allow, told byte by byte and
// by going through all subsets.
type naive struct {
	names  map[string]int // as the process sees them
	synced map[string]int
	moves  []naiveMove // since
	files  []*naiveFile
}

// A naiveMove gives file the name to, if there is one, and takes from away.
type naiveMove struct {
	from, to string
	file     int
	fate
}

type naiveFile struct {
	seen   []byte // by the process
	synced []byte // what it saw at the last sync
	base   []byte // what is there for certain, before ops
	ops    []naiveOp
}

// A naiveOp writes p, or truncates if that is nil.
type naiveOp struct {
	at int
	p  []byte
	fate
}

// A fate is what syncs did to a change: nothing, or one failed, or made it certain.
type fate struct{ doomed, certain bool }

// sync tells a change of a sync, and reports whether the change is doomed.
func (f *fate) sync(works bool) bool {
	f.certain = f.certain || works && !f.doomed
	f.doomed = f.doomed || !works && !f.certain
	return f.doomed
}

func (m naiveMove) do(names map[string]int, linked bool) {
	if m.from != "" && m.to != "" {
		if at, ok := names[m.to]; ok && at == m.file {
			return
		}
	}
	if m.to != "" {
		names[m.to] = m.file
	}
	if at, ok := names[m.from]; ok && !linked && (m.to == "" || at == m.file) {
		delete(names, m.from)
	}
}

func (n *naive) move(m naiveMove) {
	m.do(n.names, false)
	n.moves = append(n.moves, m)
}

func (n *naive) uncertain() int {
	sum := 0
	for _, m := range n.moves {
		if !m.certain {
			sum++
		}
	}
	return sum
}

func (n *naive) syncNames(works bool) {
	doomed := false
	for i := range n.moves {
		doomed = n.moves[i].sync(works) || doomed
	}
	if works && !doomed {
		n.synced, n.moves = maps.Clone(n.names), nil
	}
}

func (op naiveOp) do(b []byte) []byte {
	if op.p == nil {
		return append(b[:len(b):len(b)], make([]byte, max(0, op.at-len(b)))...)[:op.at]
	}
	b = append(b[:len(b):len(b)], make([]byte, max(0, op.at+len(op.p)-len(b)))...)
	b = append([]byte{}, b...)
	copy(b[op.at:], op.p)
	return b
}

func (f *naiveFile) do(op naiveOp) {
	f.seen = op.do(f.seen)
	f.ops = append(f.ops, op)
}

func (f *naiveFile) sync(works, reverts bool) {
	doomed := false
	for i := range f.ops {
		doomed = f.ops[i].sync(works) || doomed
	}
	switch {
	case works:
		if f.synced = f.seen; !doomed {
			f.base, f.ops = f.seen, nil
		}
	case reverts:
		f.seen = f.synced
	}
}

// exactly is what is found when of the uncertain all is kept, or nothing.
func (n *naive) exactly(all bool) map[string][]byte {
	names := maps.Clone(n.synced)
	for _, m := range n.moves {
		if all || m.certain {
			m.do(names, false)
		}
	}
	found := map[string][]byte{}
	for name, number := range names {
		b := n.files[number].base
		for _, op := range n.files[number].ops {
			if all || op.certain {
				b = op.do(b)
			}
		}
		found[name] = append([]byte{}, b...)
	}
	return found
}

// allows reports whether a crash may leave found.
func (n *naive) allows(found map[string][]byte) bool {
	may := make([]possible, len(n.files))
	for i, f := range n.files {
		may[i] = f.possible()
	}
	for choice := range 1 << (2 * n.uncertain()) { // kept? old name too?
		names := maps.Clone(n.synced)
		for _, m := range n.moves {
			if m.certain {
				m.do(names, false)
				continue
			}
			if choice&1 == 1 {
				m.do(names, m.to != "" && choice&2 == 2)
			}
			choice >>= 2
		}
		fits := len(names) == len(found)
		for name, number := range names {
			b, ok := found[name]
			fits = fits && ok && may[number].allows(b)
		}
		if fits {
			return true
		}
	}
	return false
}

// A possible is what may be found of a file: lengths, and at each place a set of
// bytes, which are all less than 63.
type possible struct {
	sizes  map[int]bool
	places [4096]uint64
}

const anyByte = 1 << 63

func (f *naiveFile) possible() possible {
	p := possible{sizes: map[int]bool{len(f.base): true}}
	for i := range p.places {
		p.places[i] = 1 << 0
		if i < len(f.base) {
			p.places[i] = 1 << f.base[i]
		}
	}
	for _, op := range f.ops {
		if op.p == nil {
			p.truncate(op)
		} else {
			p.write(op)
		}
	}
	return p
}

func (p *possible) truncate(op naiveOp) {
	for i := op.at; i < len(p.places); i++ {
		if op.certain {
			p.places[i] = 0
		}
		p.places[i] |= 1 << 0
	}
	if op.certain {
		clear(p.sizes)
	}
	p.sizes[op.at] = true
}

func (p *possible) write(op naiveOp) {
	shortest := len(p.places)
	for size := range p.sizes {
		shortest = min(shortest, size)
	}
	for i, b := range op.p {
		at := &p.places[op.at+i]
		if op.certain {
			*at = 0
		} else if op.at+i >= shortest {
			*at |= anyByte
		}
		*at |= 1 << b
	}
	end := op.at + len(op.p)
	sizes := map[int]bool{}
	for size := range p.sizes {
		sizes[max(size, end)] = true
		for e := op.at; e <= end && !op.certain; e++ {
			if e%512 == 0 && e > op.at {
				sizes[max(size, e)] = true
			}
			sizes[size] = true
		}
	}
	p.sizes = sizes
}

func (p *possible) allows(b []byte) bool {
	if !p.sizes[len(b)] {
		return false
	}
	for i, b := range b {
		if set := p.places[i]; set&anyByte == 0 && (b >= 63 || set&(1<<b) == 0) {
			return false
		}
	}
	return true
}
