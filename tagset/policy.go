package tagset

// A Policy is limits on what a store may hold. The zero Policy has none.
type Policy struct{}

// allowBatch refuses a call about n distinct members if the policy's batches
// are smaller.
func (tx *Tx) allowBatch(op, tag string, n int) error { return nil }
