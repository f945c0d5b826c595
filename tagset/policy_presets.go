package tagset

// The presets are starting points: take one, change what does not fit, and give
// it to Config.Policy or Tx.SetPolicy. Numbers said to be a platform's are from
// its public documentation, under the title given, and may change there.

// PersonalPolicy is for one person's contacts, in the manner of the tags of
// WeChat contacts (微信 通讯录标签): 200 tags and 200 members a call; a
// warning past 5,000 members in a tag, where a tag stops telling anything; and,
// so that one person keeps the overview, at most 15 top-level tags and 3 levels.
func PersonalPolicy() Policy {
	return Policy{MaxTags: 200, MaxTopLevel: 15, MaxLevels: 3, MaxBatch: 200, WarnMembers: 5000}
}

// EnterprisePolicy is that of the customer tags of WeCom (企业微信 服务端 API
// “管理企业客户标签”): 10,000 tags an enterprise, and names of tags and tag
// groups of at most 30 characters. Here a tag group is a tag too, and counts.
func EnterprisePolicy() Policy {
	return Policy{MaxTags: 10_000, MaxNameRunes: 30}
}

// PublicAccountPolicy is that of followers' tags of a WeChat official account
// (微信公众号 “用户标签管理”): 100 tags an account, 20 tags a follower, 50
// openids a call when followers are tagged or untagged in a batch.
func PublicAccountPolicy() Policy {
	return Policy{MaxTags: 100, MaxTagsPerMember: 20, MaxBatch: 50}
}
