package eval

// The counting sort, shared. The members gathered are cut into as many pieces as there
// are workers. Of each piece the ranks are counted, which tells where every piece has
// its members of a rank in the result: behind those of the pieces before. Then all
// pieces are put there at a time.

// piece is a worker's members, and for each rank first how many they are, and then
// where the next goes.
type piece struct {
	members []uint32
	ranks   []uint16
	at      []uint32
}

// sorter is the task of counting the pieces' ranks or, once there is room for the
// result, of putting the members there.
type sorter struct {
	*crew
	pieces []piece
	out    []uint32
}

func (g *counted) sortShared() []uint32 {
	s := &sorter{crew: newCrew(), pieces: make([]piece, g.width)}
	s.width, s.parts = g.width, g.width
	n := len(g.ranks)
	for i := range s.pieces {
		from, to := i*n/g.width, (i+1)*n/g.width
		s.pieces[i] = piece{g.members[from:to], g.ranks[from:to], make([]uint32, len(g.count))}
	}
	s.once()
	at := uint32(0)
	for rank := range g.count {
		for i := range s.pieces {
			p := &s.pieces[i].at[rank]
			at, *p = at+*p, at
		}
	}
	s.out = make([]uint32, n)
	s.once()
	g.members, g.ranks = nil, nil
	return s.out
}

// once does it; it has no errors.
func (s *sorter) once() { _ = s.do(s, 0) }

func (s *sorter) work() error {
	for {
		i, ok := s.take()
		if !ok {
			return nil
		}
		p, out := s.pieces[i], s.out
		if out == nil {
			for _, rank := range p.ranks {
				p.at[rank]++
			}
			continue
		}
		for k, rank := range p.ranks {
			out[p.at[rank]] = p.members[k]
			p.at[rank]++
		}
	}
}
