package battery

import "time"

// A Sum is what the results of one part come to.
type Sum struct {
	Part
	Runs        int
	Size, Of    int64 // Of 0: nothing says what would be all
	First, Last uint64
	Losses      int64
	Failed      bool // one of the runs has
	Took        time.Duration
	From, To    time.Time
	Notes       []string
	Go, CPU     []string
	Commits     []string

	next uint64 // the first seed after all
}

// Add adds up the results of a part. Slices, which have seeds, add up, but one whose
// seeds were counted already: it was the same over again. Of runs without seeds
// the last counts.
func Add(p Part, results []Result) Sum {
	s := Sum{Part: p, Of: p.Full, next: 1}
	for _, r := range results {
		if r.Point != p.Point || r.Name != p.Name {
			continue
		}
		sliced := r.First > 0
		switch {
		case !sliced:
			s = Sum{Part: p, Of: p.Full, next: 1}
		case r.First < s.next:
			s.Losses += r.Losses // what was lost is not forgotten
			s.Failed = s.Failed || r.Failed
			continue
		}
		s.add(r)
	}
	return s
}

func (s *Sum) add(r Result) {
	if s.Runs == 0 {
		s.First, s.From = r.First, r.Date
	}
	s.Runs++
	s.Size += r.Size
	s.Losses += r.Losses
	s.Failed = s.Failed || r.Failed
	s.Took += r.Took
	s.Last, s.To, s.next = r.Last, r.Date, r.Last+1
	if r.Of > 0 {
		s.Of = r.Of
	}
	s.Notes = once(s.Notes, r.Note)
	s.Go, s.CPU, s.Commits = once(s.Go, r.Go), once(s.CPU, r.CPU), once(s.Commits, r.Commit)
}

// Whole says whether the part was run at its whole size, and well.
func (s Sum) Whole() bool {
	return s.Runs > 0 && s.Size >= s.Of && s.Last >= s.Seeds && s.Losses == 0 && !s.Failed
}

func once(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	if s == "" {
		return list
	}
	return append(list, s)
}
