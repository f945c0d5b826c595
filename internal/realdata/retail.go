package realdata

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tagroar/tagroar/internal/oracle"
)

// buyer is what the shop knows of a customer with a sale line.
type buyer struct {
	orders      map[string]bool
	months      map[string]bool
	spend       int64 // thousandths of a pound
	first, last string
}

// shop is the Online Retail data, read once.
type shop struct {
	*Data
	buyers    map[uint32]*buyer
	cancelled map[uint32]bool
	facts     retailFacts
}

type retailFacts struct {
	Sales struct {
		Buyers int
		SHA256 string `json:"buyers_sha256"`
	}
	Countries map[string]int `json:"buyers_per_country"`
	Top20     []struct {
		SKU    string
		Buyers int
	} `json:"top20_stock_codes_by_buyers"`
	Overlaps []struct {
		A, B   string
		Buyers int `json:"buyers_of_both"`
	} `json:"top10_sku_pair_overlaps"`
	New      map[string]int            `json:"new_buyers_per_month"`
	Active   map[string]int            `json:"active_buyers_per_month"`
	Cohort   map[string]map[string]int `json:"cohort_first_month_x_active_month"`
	Segments map[string]known
	RFM      struct {
		Fixed struct {
			Cells  map[string]int
			Best   string `json:"sha256_555"`
			Lowest string `json:"sha256_111"`
		} `json:"fixed_limits"`
	}
	Tags struct {
		Cardinality map[string]int
	} `json:"tags_for_expressions"`
	Expressions []judged
	retailNumbers
}

// retail loads the buyers of a web shop. Country, month, product, order count, spend and recency are tags; members are
// the shop's own customer numbers. Spend, number of orders and the days of the first and the last are attributes too.
func retail(dir string) (*Data, error) {
	s := &shop{Data: newData("online-retail"), buyers: map[uint32]*buyer{}, cancelled: map[uint32]bool{}}
	if err := readJSON(&s.facts, dir, "online-retail", "expected.json"); err != nil {
		return nil, err
	}
	sku := map[string]bool{}
	for _, p := range s.facts.Top20 {
		sku[p.SKU] = true
	}
	if err := table(',', func(get func(string) string) error { return s.line(get, sku) }, dir, "online-retail", "online_retail.csv.gz"); err != nil {
		return nil, err
	}
	if err := s.segment(); err != nil {
		return nil, err
	}
	if err := errors.Join(s.number(), s.compareTags()); err != nil {
		return nil, err
	}
	s.Tidy()
	s.knowNumbers()
	return s.Data, s.know()
}

func (s *shop) line(get func(string) string, sku map[string]bool) error {
	if get("CustomerID") == "" {
		return nil
	}
	id, err := strconv.ParseUint(get("CustomerID"), 10, 32)
	if err != nil {
		return err
	}
	c := uint32(id)
	if strings.HasPrefix(get("InvoiceNo"), "C") {
		s.cancelled[c] = true
		return nil
	}
	quantity, err := strconv.ParseInt(get("Quantity"), 10, 64)
	if err != nil {
		return err
	}
	if quantity <= 0 {
		return nil
	}
	price, _, err := decimal(get("UnitPrice"), 3)
	if err != nil {
		return err
	}
	day := get("InvoiceDate")[:10]
	b := s.buyers[c]
	if b == nil {
		b = &buyer{orders: map[string]bool{}, months: map[string]bool{}, first: day, last: day}
		s.buyers[c] = b
	}
	b.orders[get("InvoiceNo")], b.months[day[:7]] = true, true
	b.spend += quantity * price
	b.first, b.last = min(b.first, day), max(b.last, day)
	s.add("国家/"+get("Country"), c)
	if code := get("StockCode"); sku[code] {
		s.add("商品/"+code, c)
	}
	return nil
}

// segment turns what is known of each buyer into tags.
func (s *shop) segment() error {
	for c, b := range s.buyers {
		last, err := time.Parse(time.DateOnly, b.last)
		if err != nil {
			return err
		}
		recency, orders := int(closing.Sub(last).Hours()/24), len(b.orders)
		s.Members = append(s.Members, c)
		for m := range b.months {
			s.add("活跃/"+m, c)
		}
		s.add("首单/"+b.first[:7], c)
		for tag, holds := range map[string]bool{
			"订单数/3次以上":                                    orders >= 3,
			"订单数/10次以上":                                   orders >= 10,
			"消费/1000以上":                                   b.spend > 1_000_000,
			"消费/500-2000":                                 500_000 <= b.spend && b.spend <= 2_000_000,
			"最近/30天内":                                     recency <= 30,
			"最近/180天未登录":                                  recency > 180,
			"曾取消":                                         s.cancelled[c],
			"RFM/R" + score(recency, -30, -60, -90, -180): true,
			"RFM/F" + score(orders, 10, 5, 3, 2):          true,
			"RFM/M" + score(int(b.spend), 5_000_000, 2_000_000, 1_000_000, 300_000): true,
		} {
			if holds {
				s.add(tag, c)
			}
		}
	}
	return nil
}

// score is 5 at the first limit, 4 at the second …, else 1. Limits are reached from below, negative ones from above.
func score(v int, limits ...int) string {
	for i, l := range limits {
		if l > 0 && v >= l || l < 0 && v <= -l {
			return strconv.Itoa(5 - i)
		}
	}
	return "1"
}

func (s *shop) know() error {
	f := &s.facts
	t, and := oracle.T, oracle.And
	s.fact(Segment, "buyers", oracle.E(oracle.Everyone), f.Sales.Buyers, f.Sales.SHA256)
	for c, n := range f.Countries {
		s.fact(Single, c, t("国家/"+c), n, "")
	}
	for _, p := range f.Top20 {
		s.fact(Single, p.SKU, t("商品/"+p.SKU), p.Buyers, "")
	}
	for _, p := range f.Overlaps {
		s.fact(Pair, p.A+" "+p.B, oracle.E(and, t("商品/"+p.A), t("商品/"+p.B)), p.Buyers, "")
	}
	for m, n := range f.New {
		s.fact(Single, "first "+m, t("首单/"+m), n, "")
	}
	var months []*oracle.Expr
	for m, n := range f.Active {
		s.fact(Single, "active "+m, t("活跃/"+m), n, "")
		months = append(months, t("活跃/"+m))
	}
	for a, row := range f.Cohort {
		for b, n := range row {
			s.fact(Pair, "cohort "+a+" "+b, oracle.E(and, t("首单/"+a), t("活跃/"+b)), n, "")
		}
	}
	for cell, n := range f.RFM.Fixed.Cells {
		sha := map[string]string{"555": f.RFM.Fixed.Best, "111": f.RFM.Fixed.Lowest}[cell]
		s.fact(Segment, "RFM "+cell, oracle.E(and, t("RFM/R"+cell[:1]), t("RFM/F"+cell[1:2]), t("RFM/M"+cell[2:])), n, sha)
	}
	var top []*oracle.Expr
	for _, p := range f.Top20[:10] {
		top = append(top, t("商品/"+p.SKU))
	}
	not := func(a, b *oracle.Expr) *oracle.Expr { return oracle.E(oracle.Minus, a, b) }
	segments := map[string]*oracle.Expr{
		"france_and_3_orders":            oracle.E(and, t("国家/France"), t("订单数/3次以上")),
		"france_or_germany_and_3_orders": oracle.E(and, oracle.E(oracle.Or, t("国家/France"), t("国家/Germany")), t("订单数/3次以上")),
		"not_uk_and_spend_over_1000":     oracle.E(and, oracle.E(oracle.Not, t("国家/United Kingdom")), t("消费/1000以上")),
		"uk_spend_500_to_2000_recency_le_30": oracle.E(and, t("国家/United Kingdom"), t("消费/500-2000"),
			t("最近/30天内")),
		"ever_cancelled":                                t("曾取消"),
		"never_cancelled_and_10_orders":                 not(t("订单数/10次以上"), t("曾取消")),
		"lapsed_over_180_days_spend_over_1000":          oracle.E(and, t("最近/180天未登录"), t("消费/1000以上")),
		"first_order_in_2010_12_and_ordered_in_2011_11": oracle.E(and, t("首单/2010-12"), t("活跃/2011-11")),
		"active_2011_03_01_to_2011_03_31":               t("活跃/2011-03"),
		"active_in_every_month_2010_12_to_2011_12":      oracle.E(and, months...),
		"bought_85123A_and_22423":                       oracle.E(and, t("商品/85123A"), t("商品/22423")),
		"bought_85123A_not_22423":                       not(t("商品/85123A"), t("商品/22423")),
		"bought_at_least_3_of_top10":                    oracle.K(oracle.AtLeast, 3, top...),
		"bought_all_of_top5":                            oracle.E(and, top[:5]...),
	}
	for name, k := range f.Segments {
		e := segments[name]
		if e == nil {
			return fmt.Errorf("%s: segment %s is not written as an expression", s.Name, name)
		}
		s.fact(Segment, name, e, k.Cardinality, k.SHA256)
	}
	for key, n := range f.Tags.Cardinality {
		e, err := shopLeaf(key)
		if err != nil {
			return err
		}
		s.fact(Single, key, e, n, "")
	}
	return s.judge(f.Expressions, shopLeaf)
}

func shopLeaf(key string) (*oracle.Expr, error) {
	name, value, _ := strings.Cut(key, "=")
	folder := map[string]string{"country": "国家/", "active": "活跃/", "bought": "商品/"}[name]
	switch {
	case folder != "":
		return oracle.T(folder + value), nil
	case name == "orders>":
		return oracle.T("订单数/" + value + "次以上"), nil
	}
	return nil, fmt.Errorf("unknown leaf %q", key)
}
