package battery

// File is where the results are kept, seen from the root of the module.
const File = "internal/battery/results.jsonl"

// A Part is a test of the battery that counts for itself.
type Part struct {
	Point         int
	Name          string
	Full          int64  // the whole size; 0: only the run can tell, by Result.Of
	Seeds         uint64 // how many seeds are the whole, where the size of each is its own; 0: that does not say it
	Unit          Words  // of sizes, in the plural
	Text          Words  // what is done, for the table
	Package, Test string // where the whole size is run; "": nowhere yet
	Race          bool   // with the race detector
	Fuzz          bool   // all fuzz targets of the module, each for its share of the time
}

// Words are the same in English and Chinese.
type Words struct{ EN, ZH string }

// Find returns the part of a point that has a name.
func Find(point int, name string) (Part, bool) {
	for _, p := range Parts() {
		if p.Point == point && p.Name == name {
			return p, true
		}
	}
	return Part{}, false
}

// Parts returns the parts of the battery, in order.
func Parts() []Part {
	return []Part{
		{Point: 1, Name: "kill", Full: 10_000, Package: "tagset", Test: "TestBatteryKill",
			Unit: Words{"loops", "轮"},
			Text: Words{"kill -9 of a process that streams acknowledgements, at all sync levels; lost: acknowledged versions",
				"对持续上报确认的进程执行 kill -9，覆盖全部同步级别；丢失指已确认的版本"}},

		{Point: 2, Name: "crash", Seeds: 20, Package: "tagset", Test: "TestBatteryCrash",
			Unit: Words{"crash states", "个崩溃状态"},
			Text: Words{"power loss after every file-system call of a script of 500 verbs × unsynced bytes kept 0/10/50/90/100 % × 20 seeds",
				"500 步脚本的每次文件系统调用之后断电 × 未同步数据保留 0/10/50/90/100 % × 20 个种子"}},

		{Point: 3, Name: "faults", Seeds: 480, Package: "tagset", Test: "TestBatteryFaults",
			Unit: Words{"failing calls", "次故障调用"},
			Text: Words{"every Nth file-system call fails with EIO, ENOSPC or a short write; a failed fsync poisons",
				"第 N 次文件系统调用返回 EIO、ENOSPC 或短写；fsync 失败后转为只读"}},

		{Point: 4, Name: "snapshot", Package: "tagset", Test: "TestBatteryDamage",
			Unit: Words{"damaged inputs", "个损坏输入"},
			Text: Words{"plain snapshot: every bit flipped, every truncation, every byte appended",
				"明文快照：翻转每一位、每处截断、追加每种字节"}},
		{Point: 4, Name: "sealed snapshot", Package: "tagset", Test: "TestBatterySealedDamage",
			Unit: Words{"damaged inputs", "个损坏输入"},
			Text: Words{"encrypted snapshot: the same",
				"加密快照：同上"}},
		{Point: 4, Name: "segment", Package: "internal/journal", Test: "TestBatteryDamage",
			Unit: Words{"damaged inputs", "个损坏输入"},
			Text: Words{"sealed journal segment, plain: the same",
				"已封存的日志段（明文）：同上"}},
		{Point: 4, Name: "sealed segment", Package: "internal/journal", Test: "TestBatterySealedDamage",
			Unit: Words{"damaged inputs", "个损坏输入"},
			Text: Words{"sealed journal segment, encrypted: the same",
				"已封存的日志段（加密）：同上"}},

		{Point: 5, Name: "bombs", Full: 50, Package: "tagset", Test: "TestBatteryBombs",
			Unit: Words{"bombs", "个炸弹"},
			Text: Words{"crafted snapshots, within the memory bound of Restore",
				"精心构造的快照，恢复时内存不超过上限"}},

		{Point: 6, Name: "fuzz", Full: 3600, Fuzz: true,
			Unit: Words{"seconds", "秒"},
			Text: Words{"every decoder and the parser, fuzzed",
				"对每个解码器和语法分析器做模糊测试"}},

		{Point: 7, Name: "race", Full: 1800, Package: "tagset", Test: "TestBatteryRace", Race: true,
			Unit: Words{"seconds", "秒"},
			Text: Words{"16 readers, 1 writer, snapshots and the feed under the race detector",
				"竞态检测器下 16 个读者、1 个写者、快照与变更流"}},

		{Point: 8, Name: "immutability", Full: 1_000_000, Package: "tagset", Test: "TestBatteryImmutability",
			Unit: Words{"versions", "个版本"},
			Text: Words{"digest of each view at publication and at release",
				"每个视图在发布时与释放时的摘要一致"}},

		{Point: 9, Name: "histories", Full: 1000, Package: "tagset", Test: "TestBatteryHistories",
			Unit: Words{"histories", "段历史"},
			Text: Words{"8 clients × 50 operations checked for linearizability by porcupine; unknown counts as failure",
				"8 个客户端 × 50 次操作，由 porcupine 检查线性一致性；结论未知按失败计"}},

		{Point: 10, Name: "model", Full: 25_000, Package: "tagset", Test: "TestBatteryModel",
			Unit: Words{"sequences", "个序列"},
			Text: Words{"a naive store beside the engine, 100 steps of some verbs: members, keys, attributes, times, snapshot and restore",
				"引擎对照朴素实现，每个序列 100 步、每步若干操作：成员、键、属性、时间、快照与恢复"}},
		{Point: 10, Name: "crossing", Full: 25_000, Package: "tagset", Test: "TestBatteryModelCross",
			Unit: Words{"sequences", "个序列"},
			Text: Words{"the same with includes, groups, composites, sources and policies", "同上，加入包含、互斥组、组合标签、来源与策略"}},
		{Point: 10, Name: "durable", Full: 25_000, Package: "tagset", Test: "TestBatteryModelDurable",
			Unit: Words{"sequences", "个序列"},
			Text: Words{"both on durable stores: reopening, kill, power loss, compaction, replicas, earlier versions",
				"以上两种在持久的库上进行：重开、杀进程、断电、压实、副本与过去的版本"}},
		{Point: 10, Name: "queries", Full: 25_000, Package: "query", Test: "TestBatteryModel",
			Unit: Words{"sequences", "个序列"},
			Text: Words{"queries against the naive evaluation", "查询对照朴素求值"}},

		{Point: 11, Name: "goldens", Package: "tagset", Test: "TestBatteryGoldens",
			Unit: Words{"files", "个文件"},
			Text: Words{"golden snapshots (formats 1 to 4), changes and directories still open; snapshot → restore → snapshot is byte-identical",
				"各格式版本（1 至 4）的快照、变更与目录样本仍可打开；快照→恢复→快照逐字节相同"}},
		{Point: 11, Name: "golden segments", Package: "internal/journal", Test: "TestBatteryGoldens",
			Unit: Words{"files", "个文件"},
			Text: Words{"golden segments and MANIFEST, plain and encrypted", "日志段与 MANIFEST 样本，明文与加密"}},
		{Point: 11, Name: "golden streams", Package: "internal/seal", Test: "TestBatteryGoldens",
			Unit: Words{"files", "个文件"},
			Text: Words{"golden encrypted streams", "加密流样本"}},

		{Point: 12, Name: "encryption", Package: "internal/seal", Test: "TestBatteryTampering",
			Unit: Words{"tampered inputs", "个篡改输入"},
			Text: Words{"swap, drop, duplicate, reorder, splice, wrong key: refused with the right error",
				"交换、删除、重复、乱序、拼接、错误密钥：均以正确的错误拒绝"}},

		{Point: 13, Name: "scopes", Full: 100_000,
			Unit: Words{"pairs of stores", "对库"},
			Text: Words{"scoped views: stores equal on the visible part give identical output",
				"受限视图：可见部分相同的库，输出完全一致"}},

		{Point: 14, Name: "query limits", Package: "query", Test: "TestBatteryLimits",
			Unit: Words{"hostile queries", "个恶意查询"},
			Text: Words{"deep, long and huge queries are refused; work is linear in the input",
				"过深、过长、过大的查询被拒绝，开销与输入成线性"}},

		{Point: 15, Name: "injection", Full: 900,
			Unit: Words{"cells", "个样例"},
			Text: Words{"injection corpora of CSV, HTML and SQL are neutralised",
				"CSV、HTML、SQL 注入语料全部被中和"}},

		{Point: 16, Name: "planted bugs", Full: 25,
			Unit: Words{"bugs", "个缺陷"},
			Text: Words{"planted bugs are caught by the tests",
				"人为植入的缺陷均被测试发现"}},
	}
}
