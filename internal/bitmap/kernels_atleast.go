package bitmap

// Which members are in at least t of a few operands. All counting stays in
// registers. Each number of operands and each t has its own loop, for what is
// common to all would be most of the work.

func atLeast3Generic(out []uint64, s *[3]*Words, i, t int) {
	switch t {
	case 1:
		one3(out, s, i)
	case 2:
		two3(out, s, i)
	default:
		all3(out, s, i)
	}
}

func one3(out []uint64, s *[3]*Words, i int) {
	m := i + len(out)
	a, b, c := s[0][i:m][:len(out)], s[1][i:m][:len(out)], s[2][i:m][:len(out)]
	for k := range out {
		out[k] = a[k] | b[k] | c[k]
	}
}

func two3(out []uint64, s *[3]*Words, i int) {
	m := i + len(out)
	a, b, c := s[0][i:m][:len(out)], s[1][i:m][:len(out)], s[2][i:m][:len(out)]
	for k := range out {
		x, y := a[k], b[k]
		out[k] = x&y | c[k]&(x|y)
	}
}

func all3(out []uint64, s *[3]*Words, i int) {
	m := i + len(out)
	a, b, c := s[0][i:m][:len(out)], s[1][i:m][:len(out)], s[2][i:m][:len(out)]
	for k := range out {
		out[k] = a[k] & b[k] & c[k]
	}
}

// Two full adders count five as p+2(u+v).
func atLeast5Generic(out []uint64, s *[5]*Words, i, t int) {
	switch t {
	case 1:
		one5(out, s, i)
	case 2:
		two5(out, s, i)
	case 3:
		three5(out, s, i)
	case 4:
		four5(out, s, i)
	default:
		all5(out, s, i)
	}
}

func one5(out []uint64, s *[5]*Words, i int) {
	m := i + len(out)
	a, b, c, d, e := s[0][i:m][:len(out)], s[1][i:m][:len(out)], s[2][i:m][:len(out)], s[3][i:m][:len(out)], s[4][i:m][:len(out)]
	for k := range out {
		out[k] = a[k] | b[k] | c[k] | d[k] | e[k]
	}
}

func two5(out []uint64, s *[5]*Words, i int) {
	m := i + len(out)
	a, b, c, d, e := s[0][i:m][:len(out)], s[1][i:m][:len(out)], s[2][i:m][:len(out)], s[3][i:m][:len(out)], s[4][i:m][:len(out)]
	for k := range out {
		p, u := fullAdd(a[k], b[k], c[k])
		_, v := fullAdd(p, d[k], e[k])
		out[k] = u | v
	}
}

func three5(out []uint64, s *[5]*Words, i int) {
	m := i + len(out)
	a, b, c, d, e := s[0][i:m][:len(out)], s[1][i:m][:len(out)], s[2][i:m][:len(out)], s[3][i:m][:len(out)], s[4][i:m][:len(out)]
	for k := range out {
		p, u := fullAdd(a[k], b[k], c[k])
		p, v := fullAdd(p, d[k], e[k])
		out[k] = u&v | p&(u|v)
	}
}

func four5(out []uint64, s *[5]*Words, i int) {
	m := i + len(out)
	a, b, c, d, e := s[0][i:m][:len(out)], s[1][i:m][:len(out)], s[2][i:m][:len(out)], s[3][i:m][:len(out)], s[4][i:m][:len(out)]
	for k := range out {
		p, u := fullAdd(a[k], b[k], c[k])
		_, v := fullAdd(p, d[k], e[k])
		out[k] = u & v
	}
}

func all5(out []uint64, s *[5]*Words, i int) {
	m := i + len(out)
	a, b, c, d, e := s[0][i:m][:len(out)], s[1][i:m][:len(out)], s[2][i:m][:len(out)], s[3][i:m][:len(out)], s[4][i:m][:len(out)]
	for k := range out {
		out[k] = a[k] & b[k] & c[k] & d[k] & e[k]
	}
}
