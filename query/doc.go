// Package query is the language of segments: boolean expressions over tags,
// typed as text, built by constructors or read as a JSON tree, and answered
// from the bitmaps of a [Source], such as a *tagset.View.
//
//	n, err := query.Count(ctx, store.View(), "VIP客户 ∩ 华东地区 ∖ 已流失")
//
// A query goes through small stages: text is cut into tokens (lex.go, word.go,
// number.go) and parsed into a tree (parse.go, call.go, stray.go); constructors
// (build.go) and JSON (json.go) make the same tree, under the same limits
// (limits.go). It prints in one canonical spelling (print.go). [Query.Compile]
// binds its names to ids and pins their sets (bind.go, chain.go), and hands the
// bound tree to the planner. A [Query] and a [Plan] are immutable.
//
// # Grammar
//
// In the notation of the Go specification; blanks and comments (from # to the
// end of the line) separate tokens and are otherwise ignored:
//
//	query       = expression [ limit number ] [ offset number ] .
//	expression  = conjunction { join conjunction } .
//	conjunction = complement { and complement } .
//	complement  = { not } primary .
//	primary     = tag | everyone | nobody | call | "(" expression ")" .
//	tag         = name | quoted | parameter .
//	call        = "only" "(" tag ")"
//	            | ( "all" | "any" | "none" ) "(" operands ")"
//	            | ( "atleast" | "atmost" | "exactly" ) "(" number "," operands ")" .
//	operands    = expression { "," expression } .
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
// are names, 30天 is a duration. Durations and dates belong to comparisons of
// attributes, which are still to come; as names of tags they need quotes.
//
// A '-' between two name characters is part of the name; with a blank on both
// sides (or the end of the text) it is MINUS; before a number, after an
// operator, it is a sign; otherwise it is an error.
//
// Words are operators and reserved words in any case (and, And, AND). Reserved
// unless quoted are the words of the grammar above, ORDER, 按 and 按权重. Names of
// functions count only before "(", and between and in only after a name, so all
// of these may be names of tags; names are case-sensitive.
//
// Full-width ASCII (U+FF01–U+FF5E) counts as ASCII everywhere, the Chinese
// commas ， and 、 are commas, and names compare in NFC. Control characters, bidi
// controls and invalid UTF-8 are errors everywhere, in comments, too.
//
// # Meaning
//
// A tag stands for its effective members: those of the tag and of its
// sub-tags. only(tag) is its direct members alone. NOT is taken within
// everyone, the live members of the source. all, any and none are AND, OR and
// NOT … OR by another name. a XOR b is exactly one of the two; a longer chain of
// XOR is an odd number. atleast, atmost and exactly count operands, a repeated
// one each time; a k that all satisfy, or none, is allowed. LIMIT and OFFSET cut
// the result, in ascending order of members.
//
// A parameter, $name, stands for a tag. Its value is given to Compile, and is
// looked up as a name, never read as text, so what users type cannot change the
// shape of a query.
//
// # Limits
//
// Text longer than 64 KiB, nested deeper than 100 levels or of more than 10,000
// operators and names is refused, in time linear in its length; [MaxBytes],
// [MaxDepth] and [MaxNodes] set other limits. A chain of operators of one level
// (a OR b MINUS c …) is one operator on one level, however long. The
// constructors and UnmarshalJSON keep the default limits of depth and nodes.
//
// # Errors
//
// Errors are a [*SyntaxError] for what is no query, and a [*BindError] for what
// does not fit the source or the arguments. Both say where, show the line with
// a caret, and what would help: names that nearly match, for instance.
package query
