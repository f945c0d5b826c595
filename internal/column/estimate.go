package column

// Estimate: see below.
func (p *Predicate) Estimate() float64 { return float64(p.column.Len()) / 3 }
