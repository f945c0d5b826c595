package realdata

import (
	"strconv"
	"strings"
	"sync"
	"time"
)

// The names of the shop's attributes.
const (
	spend  = "消费金额"   // pounds, in thousandths
	orders = "订单数"    // different invoices
	first  = "首单时间"   // the day of the first sale line
	last   = "最后下单时间" // and of the last
)

// closing is the day after the shop's last invoice, from which recency counts.
var closing = time.Date(2011, 12, 10, 0, 0, 0, 0, time.UTC)

// number makes what is known of each buyer into attributes.
func (s *shop) number() error {
	spends, counts := s.attribute(spend, ofDecimals+3), s.attribute(orders, ofNumbers)
	firsts, lasts := s.attribute(first, ofTimes), s.attribute(last, ofTimes)
	for c, b := range s.buyers {
		from, err := time.Parse(time.DateOnly, b.first)
		if err != nil {
			return err
		}
		to, err := time.Parse(time.DateOnly, b.last)
		if err != nil {
			return err
		}
		spends[c], counts[c], firsts[c], lasts[c] = b.spend, int64(len(b.orders)), from.Unix(), to.Unix()
	}
	return nil
}

// compareTags says which of the tags stand for comparisons.
func (s *shop) compareTags() error {
	ago := func(days int) int64 { return closing.AddDate(0, 0, -days).Unix() }
	for tag, r := range map[string]Range{
		"订单数/3次以上":    atLeast(orders, 3),
		"订单数/10次以上":   atLeast(orders, 10),
		"消费/1000以上":   atLeast(spend, 1_000_001),
		"消费/500-2000": {spend, 500_000, 2_000_000},
		"最近/30天内":     atLeast(last, ago(30)),
		"最近/180天未登录":  atMost(last, ago(180)-1),
		"RFM/R5":      atLeast(last, ago(30)),
		"RFM/R4":      {last, ago(60), ago(30) - 1},
		"RFM/R3":      {last, ago(90), ago(60) - 1},
		"RFM/R2":      {last, ago(180), ago(90) - 1},
		"RFM/R1":      atMost(last, ago(180)-1),
		"RFM/F5":      atLeast(orders, 10),
		"RFM/F4":      {orders, 5, 9},
		"RFM/F3":      {orders, 3, 4},
		"RFM/F2":      exactly(orders, 2),
		"RFM/F1":      atMost(orders, 1),
		"RFM/M5":      atLeast(spend, 5_000_000),
		"RFM/M4":      {spend, 2_000_000, 4_999_999},
		"RFM/M3":      {spend, 1_000_000, 1_999_999},
		"RFM/M2":      {spend, 300_000, 999_999},
		"RFM/M1":      atMost(spend, 299_999),
	} {
		s.Ranges[tag] = r
	}
	for tag := range s.Sets {
		if text, ok := strings.CutPrefix(tag, "首单/"); ok {
			month, err := time.Parse("2006-01", text)
			if err != nil {
				return err
			}
			s.Ranges[tag] = within(first, month, month.AddDate(0, 1, 0))
		}
	}
	return nil
}

// knowNumbers takes in what is known of spend and orders.
func (s *shop) knowNumbers() {
	p := s.facts.Per
	spends := Total{Attr: spend, Present: s.facts.Sales.Buyers, Min: p.LeastSpend, Max: p.MostSpend, Sum: p.SumSpend, Quantiles: s.facts.Percentiles}
	counts := Total{Attr: orders, Present: s.facts.Sales.Buyers, Min: p.FewestOrders, Max: p.MostOrders, Sum: p.SumOrders}
	for _, t := range s.facts.BySpend {
		spends.Largest = append(spends.Largest, Valued{t.Customer, t.Spend})
	}
	for _, t := range s.facts.ByOrders {
		counts.Largest = append(counts.Largest, Valued{t.Customer, t.Orders})
	}
	s.Totals = append(s.Totals, spends, counts)
}

// retailNumbers is what is known of spend and orders.
type retailNumbers struct {
	Per struct {
		FewestOrders int64 `json:"min_frequency"`
		MostOrders   int64 `json:"max_frequency"`
		SumOrders    int64 `json:"sum_frequency"`
		LeastSpend   int64 `json:"min_monetary_milli"`
		MostSpend    int64 `json:"max_monetary_milli"`
		SumSpend     int64 `json:"sum_monetary_milli"`
	} `json:"per_customer"`
	Percentiles map[int]int64 `json:"spend_percentiles_nearest_rank_milli"`
	BySpend     []struct {
		Customer uint32
		Spend    int64 `json:"spend_milli"`
	} `json:"top10_by_spend"`
	ByOrders []struct {
		Customer uint32
		Orders   int64
	} `json:"top10_by_orders"`
}

// Purchase is a sale line: somebody bought something on a day.
type Purchase struct {
	Day      time.Time
	Customer uint32
	Product  string
}

// readPurchases is what Purchases has read, by folder.
var readPurchases sync.Map

// Purchases returns the sale lines of the web shop, as online-retail has them, in the order of the file, which is by
// day. They are read once, and are not to be written to.
func Purchases(dir string) ([]Purchase, error) {
	read, _ := readPurchases.LoadOrStore(dir, sync.OnceValues(func() ([]Purchase, error) { return purchases(dir) }))
	return read.(func() ([]Purchase, error))()
}

func purchases(dir string) ([]Purchase, error) {
	var out []Purchase
	err := table(',', func(get func(string) string) error {
		if get("CustomerID") == "" || strings.HasPrefix(get("InvoiceNo"), "C") || strings.HasPrefix(get("Quantity"), "-") {
			return nil
		}
		id, err := strconv.ParseUint(get("CustomerID"), 10, 32)
		if err != nil {
			return err
		}
		day, err := time.Parse(time.DateOnly, get("InvoiceDate")[:10])
		out = append(out, Purchase{Day: day, Customer: uint32(id), Product: get("StockCode")})
		return err
	}, dir, "online-retail", "online_retail.csv.gz")
	return out, err
}
