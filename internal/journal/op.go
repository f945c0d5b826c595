package journal

// An op is one verb of a commit: a public part, and items of personal data,
// each of which can be erased without breaking the chain.
//
//	u32 length of the public part | public part | u32 number of items | items
//	item: u8 0 | nonce, 16 bytes | varint length | bytes
//	      u8 1 | commitment, 32 bytes: what is left of an erased item
//
// The commitment to an item is SHA-256(nonce ‖ bytes); the sum of an op is over
// the public part and the commitments, so it is the same before and after.
