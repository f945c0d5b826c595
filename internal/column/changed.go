package column

import "github.com/tagroar/tagroar/internal/bitmap"

// Same tells whether c and o are copies of one another, in constant time. Then
// they are equal; if not, they may be equal all the same.
func (c Column) Same(o Column) bool {
	return c.members.Same(o.members) && len(c.pages) == len(o.pages) && (len(c.pages) == 0 || &c.pages[0] == &o.pages[0])
}

// Changed is the members who may not have the same value in c and o, or a value
// in one alone: of blocks that are not shared it is all members. It looks at the
// headers of blocks, and where pages are shared at none.
func (c Column) Changed(o Column) bitmap.Bitmap {
	var out bitmap.Builder
	whole := func(b *block) { out.AppendRuns(b.num, []bitmap.Run{{Start: 0, Last: blockSize - 1}}) }
	x, y := c.pages, o.pages
	for len(x) > 0 || len(y) > 0 {
		switch {
		case len(y) == 0 || len(x) > 0 && x[0].num < y[0].num:
			x = x[1:] // all of its members are in one column alone
		case len(x) == 0 || y[0].num < x[0].num:
			y = y[1:]
		case x[0] == y[0]:
			x, y = x[1:], y[1:]
		default:
			p, q := x[0].blocks, y[0].blocks
			for len(p) > 0 && len(q) > 0 {
				switch {
				case p[0].num < q[0].num:
					p = p[1:]
				case q[0].num < p[0].num:
					q = q[1:]
				default:
					if p[0] != q[0] {
						whole(&p[0])
					}
					p, q = p[1:], q[1:]
				}
			}
			x, y = x[1:], y[1:]
		}
	}
	b := out.Bitmap()
	return b.And(c.members.Or(o.members)).Or(c.members.Xor(o.members))
}
