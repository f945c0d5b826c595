package journal


type mark struct{}

func (s *segment) note(seq uint64, off int64, prev Chain, time int64) {
	if s.last == 0 {
		s.time = time
	}
	s.last = seq
}

func (l *Log) writeManifest(snapshots []Snapshot, segments []*segment) error { return nil }
