package analytics

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/tagroar/tagroar/tagset"
)

// A signature is which of n sets a member is in. Signatures are told apart by
// hash-consing: the sets are taken 64 at a time, and a signature is a chain of
// nodes, each an earlier node, a word's number, and the bits of that word, 0 ones
// left out. Equal chains are one node, so a signature is a number, whatever n is,
// and costs a look in a table for each word in which it has a bit: for members of
// two or three sets, one or two.

// MaxCombinations bounds the combinations of values that a report tells apart, and so
// what it takes in memory: some tens of bytes for each. A group with more of them
// is no group, and a list of them of no use.
const MaxCombinations = 1 << 18

// unsortedNode stands for all signatures that came when there was no room left.
const unsortedNode = ^uint32(0)

// A node is the end of a signature.
type node struct {
	key     nodeKey
	members int // whose signature ends here
}

type nodeKey struct {
	before uint32 // the earlier node; 0: none
	word   uint32
	bits   uint64
}

type signatures struct {
	nodes    []node          // nodes[0]: the empty signature
	slots    []uint32        // open addressing with linear probing: nodes by key; 0: free. At most half are taken
	samples  []tagset.Member // perNode for each node
	perNode  int
	unsorted int // members of the unsorted node
}

func newSignatures(sample int) *signatures {
	return &signatures{
		nodes:   make([]node, 1),
		slots:   make([]uint32, 1<<8),
		samples: make([]tagset.Member, sample), perNode: sample,
	}
}

// extend returns the signature that has the bits of a later word, too.
func (s *signatures) extend(before, word uint32, x uint64) uint32 {
	if before == unsortedNode {
		return unsortedNode
	}
	key := nodeKey{before, word, x}
	at := s.find(key)
	if id := s.slots[at]; id != 0 {
		return id
	}
	id := uint32(len(s.nodes))
	if id > MaxCombinations {
		return unsortedNode
	}
	s.slots[at] = id
	s.nodes = append(s.nodes, node{key: key})
	s.samples = append(s.samples, make([]tagset.Member, s.perNode)...)
	if 2*len(s.nodes) > len(s.slots) {
		s.slots = make([]uint32, 2*len(s.slots))
		for id := 1; id < len(s.nodes); id++ {
			s.slots[s.find(s.nodes[id].key)] = uint32(id)
		}
	}
	return id
}

// find returns the slot of the key, or the free one that it may take.
func (s *signatures) find(key nodeKey) int {
	last := len(s.slots) - 1
	const odd = 0x9E3779B97F4A7C15 // 2^64 by the golden ratio (Knuth, TAOCP 3, 6.4)
	hash := (key.bits*odd ^ uint64(key.before)<<32 ^ uint64(key.word)) * odd
	for at := int(hash >> 32); ; at++ {
		at &= last
		if id := s.slots[at]; id == 0 || s.nodes[id].key == key {
			return at
		}
	}
}

// count notes that the signature is m's.
func (s *signatures) count(id uint32, m uint32) {
	if id == unsortedNode {
		s.unsorted++
		return
	}
	n := &s.nodes[id]
	if n.members < s.perNode {
		s.samples[int(id)*s.perNode+n.members] = tagset.Member(m)
	}
	n.members++
}

// A combination is a signature that members have.
type combination struct {
	node    uint32
	values  []int // ascending
	members int
}

// found returns the combinations in the order in which their first members came.
func (s *signatures) found() []combination {
	var all []combination
	var values []int // of all, one after the other
	for id := range s.nodes {
		if s.nodes[id].members == 0 {
			continue
		}
		from := len(values)
		for i := uint32(id); i != 0; i = s.nodes[i].key.before {
			key := &s.nodes[i].key
			for x := key.bits; x != 0; { // backwards, as the chain runs
				top := bits.Len64(x) - 1
				values = append(values, int(key.word)<<6|top)
				x &^= 1 << top
			}
		}
		own := values[from:len(values):len(values)]
		slices.Reverse(own)
		all = append(all, combination{uint32(id), own, s.nodes[id].members})
	}
	return all
}

// largest sorts the combinations, those of most members first, and returns the first n.
func largest(all []combination, n int) []combination {
	slices.SortFunc(all, func(a, b combination) int {
		return cmp.Or(cmp.Compare(b.members, a.members), slices.Compare(a.values, b.values))
	})
	return all[:min(n, len(all))]
}

// sample returns some members of a combination, the smallest.
func (s *signatures) sample(c combination) []tagset.Member {
	from := int(c.node) * s.perNode
	return slices.Clone(s.samples[from:][:min(s.perNode, c.members)])
}
