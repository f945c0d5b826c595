// Package query is the language of segments: boolean expressions over tags and
// comparisons of attributes, typed as text, built by constructors or read as a
// JSON tree, and answered from the bitmaps and columns of a [Source], such as a
// *tagset.View, in any order that is asked for.
//
//	n, err := query.Count(ctx, store.View(), "VIP客户 ∩ 华东地区 ∖ 已流失")
//
// A query goes through small stages: text is cut into tokens (lex.go, word.go,
// number.go) and parsed into a tree (parse.go, call.go, comparison.go, tail.go,
// stray.go, hint.go); constructors (build.go, operand.go, key.go) and JSON
// (json.go) make the same tree, under the same limits (limits.go). It prints in
// one canonical spelling (print.go). [Query.Compile] binds its names to ids and
// pins their sets (bind.go, chain.go), turns comparisons into intervals
// (condition.go, interval.go, civil.go, fuse.go) and the order into columns and
// weighted sets (ordering.go, score.go), puts the expressions of composite tags in
// their place (inline.go), and hands all that to the planner. A [Query] and a [Plan]
// are immutable.
//
// [Define] makes composite tags, which are expressions themselves, and [Definition]
// reads them back (define.go, definition.go). [Explain] says why a member is in an
// expression, or why not, and what would change that (explain.go, clause.go, carrier.go,
// flip.go, reason.go).
//
// # Grammar
//
// In the notation of the Go specification; blanks and comments (from # to the
// end of the line) separate tokens and are otherwise ignored:
//
//	query       = expression [ score ] [ order ] [ limit number ] [ offset number ] .
//	expression  = conjunction { join conjunction } .
//	conjunction = complement { and complement } .
//	complement  = { not } primary .
//	primary     = carried | comparison | everyone | nobody | call | "(" expression ")" .
//	carried     = ( tag | ( "only" | "segment" ) "(" tag ")"
//	            | "tagged" "(" tag [ "," test ] ")" ) [ "^" number ] .
//	tag         = name | quoted | parameter .
//	comparison  = attribute test | "has" "(" attribute ")" .
//	attribute   = name | quoted .
//	test        = ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) value
//	            | "between" value and value
//	            | "in" "(" value { "," value } ")" .
//	value       = number | duration | date | parameter .
//	call        = ( "all" | "any" | "none" ) "(" operands ")"
//	            | ( "atleast" | "atmost" | "exactly" ) "(" number "," operands ")" .
//	operands    = expression { "," expression } .
//
//	score       = "score" "(" carried { "," carried } ")" .
//	order       = ( "ORDER" "BY" | "按" ) key { "," key } | "按权重" [ direction ] { "," key } .
//	key         = ( "WEIGHT" | "ID" | attribute ) [ direction ] .
//	direction   = "DESC" | "降序" | "ASC" | "升序" .
//
//	not         = "NOT" | "!" | "¬" | "非" .
//	and         = "AND" | "&" | "&&" | "∩" | "且" .
//	join        = or | minus | xor .
//	or          = "OR" | "|" | "||" | "∪" | "或" .
//	minus       = "MINUS" | "EXCEPT" | "\" | "∖" | "-" | "减" | "排除" .
//	xor         = "XOR" | "⊕" .
//	everyone    = "everyone" | "全部" | "*" .
//	nobody      = "nobody" .
//	limit       = "LIMIT" | "取" .
//	offset      = "OFFSET" | "跳过" .
//
//	name        = name_char { name_char | "-" name_char } .
//	name_char   = letter | mark | numeral | "_" | "/" .
//	quoted      = `"` { char | `\"` | `\\` } `"` | "“" { char | `\"` | `\\` } "”" .
//	parameter   = "$" name_char { name_char } .  /* without "/" */
//	number      = [ "-" ] digits [ "." digits ] .
//	digits      = digit { [ "_" ] digit } .
//	duration    = digits ( "d" | "h" | "min" | "w" | "mo" | "y" |
//	                       "天" | "小时" | "分钟" | "周" | "个月" | "年" ) .
//	date        = /* 2026-01-31, or RFC 3339 with an offset */ .
//
// So NOT binds tightest, then AND; OR, MINUS and XOR are one level and
// associate to the left, as SQL's UNION and EXCEPT do: a ∪ b ∖ c is everyone in
// a or b, except c.
//
// # Tokens
//
// The longest run of name characters is one token, whatever words it holds:
// VIP客户且华东 is one name, VIP客户 且 华东 are two and an operator. The run is a
// number, duration or date only if the whole of it is one: 30天未登录 and 3次以上
// are names, 30天 is a duration. As names of tags or attributes, numbers,
// durations and dates need quotes.
//
// A '-' between two name characters is part of the name; with a blank on both
// sides (or the end of the text) it is MINUS; before a number, after an
// operator, it is a sign; otherwise it is an error.
//
// Words are operators and reserved words in any case (and, And, AND). Reserved
// unless quoted are the words of the grammar above, ORDER, 按 and 按权重. Names of
// functions count only before "(", between and in only after a name, WEIGHT, ID
// and the directions only in an order, so all of these may be names of tags;
// names are case-sensitive.
//
// Full-width ASCII (U+FF01–U+FF5E) counts as ASCII everywhere, the Chinese
// commas ， and 、 are commas, and names compare in NFC. Control characters, bidi
// controls and invalid UTF-8 are errors everywhere, in comments, too.
//
// # Meaning
//
// A tag stands for its effective members: those of the tag, of its sub-tags and of
// the tags that it includes; a composite tag for those of its expression, at the
// time of the source and with ages and days told in UTC. segment(tag) insists that
// the tag is a composite. only(tag) is a tag's direct members alone, of whom a
// composite has none. NOT is taken within
// everyone, the live members of the source. all, any and none are AND, OR and
// NOT … OR by another name. a XOR b is exactly one of the two; a longer chain of
// XOR is an odd number. atleast, atmost and exactly count operands, a repeated
// one each time; a k that all satisfy, or none, is allowed.
//
// A comparison is the members whose value of the attribute passes; without a
// value none passes, != too, and has(attribute) tells who has one. NOT of a
// comparison is everyone else, those without a value included. Numbers are
// compared exactly as typed. A time compared with a date means the whole day: =
// within it, < before it, <= to its end, > after it, >= from its beginning, and
// between takes in both days. A time compared with a duration means its age: >
// 90d is longer ago than 90 days; a time to come has an age below zero. Days,
// weeks, months and years go back as time.AddDate does in the zone of the option
// [Zone], hours and minutes are exact, and = and != make no sense of an age.
// between with its ends the wrong way round is nobody. tagged(tag, test) compares
// the time at which a member was last tagged with the tag itself, of a tag that
// keeps times, as finely as its TimeStep says: an age of less than that is an
// error, as whoever was tagged just now would be older. tagged(tag) is all those.
//
// The result comes in ascending order of members, or in that of up to four keys:
// attributes, of which a missing value comes last in either direction, ID, and
// WEIGHT, the score. The score is the sum of the weights of the tags that a
// member carries, of those in the score list, each once; tag^3 weighs 3 instead
// of what is stored. The list is that of score(…), or else the tags of the
// expression as it is written, those below an even number of NOT, none and right
// sides of MINUS; a composite tag counts as itself, with its own weight, and not as
// the tags in its expression. WEIGHT begins with the greatest unless told otherwise, the
// others with the smallest. LIMIT and OFFSET cut the result in its order.
//
// A parameter, $name, stands for a tag or for a value to compare with. What it
// stands for is given to Compile, and is looked up as a name or taken as one
// value, never read as text, so what users type cannot change the shape of a
// query.
//
// # Concurrency
//
// A Query and a Plan may be used by any number of goroutines at a time. Besides, a
// call with more to do than about a hundred microseconds is shared by up to GOMAXPROCS
// goroutines, or as many as [Workers] says: Count, Set, Top, Facets of a result that is
// not cut, and the sorting of a whole order. The answer is the same, the context is
// looked at by each of them, and all have ended when the call returns. What is handed
// out as it is asked for, such as Members in ascending order, is evaluated by the
// goroutine that asks. A [Buffer], for sets that are made one after the other by
// [Plan.SetInto], is for one goroutine.
//
// # Limits
//
// Text longer than 64 KiB, nested deeper than 100 levels or of more than 10,000
// operators, names and values is refused, in time linear in its length; [MaxBytes],
// [MaxDepth] and [MaxNodes] set other limits. A chain of operators of one level
// (a OR b MINUS c …) is one operator on one level, however long. The
// constructors and UnmarshalJSON keep the default limits of depth and nodes.
//
// # Errors
//
// Errors are a [*SyntaxError] for what is no query, and a [*BindError] for what
// does not fit the source or the arguments; a cursor of another order gives
// [ErrCursor]. The first two say where, show the line with a caret, and what
// would help: names that nearly match, for instance.
package query
