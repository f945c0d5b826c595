package realdata

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/tagroar/tagroar/internal/oracle"
)

// customers is a table of members with categories, which are tags "column=value", and numbers, which are attributes, and
// of which the ranges and thresholds that the facts speak of become tags.
type customers struct {
	*Data
	facts struct {
		Members     int
		Tags        map[string]int
		Numbers     map[string]tally
		Ranges      map[string]known
		Pairs       []pair `json:"top_pairs"`
		Segments    map[string]known
		Expressions []judged
	}
}

func bank(dir string) (*Data, error) {
	c := &customers{Data: newData("bank-marketing")}
	err := c.load(dir, ';', "bank-marketing", "bank-full.csv.gz", "",
		[]string{"job", "marital", "education", "default", "housing", "loan", "contact", "month", "poutcome", "y"},
		map[string]int{"age": 0, "balance": 0, "day": 0, "duration": 0, "campaign": 0, "pdays": 0, "previous": 0})
	if err != nil {
		return nil, err
	}
	t, and, or := oracle.T, oracle.And, oracle.Or
	yes := t("y=yes")
	return c.Data, c.finish(map[string]*oracle.Expr{
		"subscribed":                      yes,
		"students_and_retired_subscribed": oracle.E(and, oracle.E(or, t("job=student"), t("job=retired")), yes),
		"management_tertiary_no_loans_balance_ge_1000": oracle.E(and, t("job=management"), t("education=tertiary"),
			t("housing=no"), t("loan=no"), c.compare("balance>=1000", atLeast("balance", 1000))),
		"age_30_39_cellular_not_subscribed": oracle.E(and,
			c.compare("age 30-39", Range{"age", 30, 39}), t("contact=cellular"), t("y=no")),
		"negative_balance_and_any_loan": oracle.E(and, c.compare("balance<0", atMost("balance", -1)),
			oracle.E(or, t("housing=yes"), t("loan=yes"))),
		"contacted_before_success_and_not_default": oracle.E(oracle.Minus, t("poutcome=success"), t("default=yes")),
		"never_contacted_before":                   c.compare("pdays=-1", exactly("pdays", -1)),
		"at_least_2_of_default_housing_loan":       oracle.K(oracle.AtLeast, 2, t("default=yes"), t("housing=yes"), t("loan=yes")),
	})
}

func telco(dir string) (*Data, error) {
	c := &customers{Data: newData("telco-churn")}
	err := c.load(dir, ',', "telco-churn", "Telco-Customer-Churn.csv.gz", "customerID",
		[]string{"gender", "SeniorCitizen", "Partner", "Dependents", "PhoneService", "MultipleLines", "InternetService",
			"OnlineSecurity", "OnlineBackup", "DeviceProtection", "TechSupport", "StreamingTV", "StreamingMovies", "Contract",
			"PaperlessBilling", "PaymentMethod", "Churn"},
		map[string]int{"tenure": 0, "MonthlyCharges": 2, "TotalCharges": 2})
	if err != nil {
		return nil, err
	}
	t, and := oracle.T, oracle.And
	return c.Data, c.finish(map[string]*oracle.Expr{
		"churned": t("Churn=Yes"),
		"month_to_month_fiber_electronic_check": oracle.E(and, t("Contract=Month-to-month"), t("InternetService=Fiber optic"),
			t("PaymentMethod=Electronic check")),
		"senior_without_partner_and_dependents": oracle.E(and, t("SeniorCitizen=1"), t("Partner=No"), t("Dependents=No")),
		"tenure_le_12_and_monthly_ge_70": oracle.E(and, c.compare("tenure<=12", atMost("tenure", 12)),
			c.compare("MonthlyCharges>=70", atLeast("MonthlyCharges", 7000))),
		"loyal_not_churned_two_year": oracle.E(and, c.compare("tenure>=60", atLeast("tenure", 60)),
			t("Contract=Two year"), oracle.E(oracle.Not, t("Churn=Yes"))),
		"at_least_4_of_6_add_ons": oracle.K(oracle.AtLeast, 4, t("OnlineSecurity=Yes"), t("OnlineBackup=Yes"),
			t("DeviceProtection=Yes"), t("TechSupport=Yes"), t("StreamingTV=Yes"), t("StreamingMovies=Yes")),
		"no_total_charges": oracle.E(oracle.Not, c.compare("has TotalCharges", Range{"TotalCharges", math.MinInt64, math.MaxInt64})),
	})
}

func (c *customers) load(dir string, comma rune, folder, file, key string, categories []string, places map[string]int) error {
	if err := readJSON(&c.facts, dir, folder, "expected.json"); err != nil {
		return err
	}
	for column, p := range places {
		typ := uint8(ofNumbers)
		if p > 0 {
			typ = ofDecimals + uint8(p)
		}
		c.attribute(column, typ)
	}
	row := uint32(0)
	err := table(comma, func(get func(string) string) error {
		for _, column := range categories {
			c.add(column+"="+get(column), row)
		}
		for column, p := range places {
			v, present, err := decimal(get(column), p)
			if err != nil {
				return fmt.Errorf("row %d, %s: %w", row, column, err)
			}
			if present {
				c.Attrs[column].Values[row] = v
			}
		}
		if key != "" {
			c.Keys = append(c.Keys, get(key))
		}
		row++
		return nil
	}, dir, folder, file)
	c.enrollAll(int(row))
	return err
}

// decimal reads a number with at most so many decimal places as an integer, exactly.
func decimal(s string, places int) (v int64, present bool, err error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0, false, nil
	}
	whole, frac, _ := strings.Cut(s, ".")
	if len(frac) > places {
		return 0, false, fmt.Errorf("%q has more than %d decimal places", s, places)
	}
	v, err = strconv.ParseInt(whole+frac+strings.Repeat("0", places-len(frac)), 10, 64)
	return v, true, err
}

func (c *customers) finish(segments map[string]*oracle.Expr) error {
	for name, k := range c.facts.Ranges {
		column, bounds, _ := strings.Cut(name, " in ")
		var lo, hi int64
		if _, err := fmt.Sscanf(bounds, "[%d,%d]", &lo, &hi); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		c.fact(Single, name, c.compare(name, Range{column, lo, hi}), k.Cardinality, k.SHA256)
	}
	c.Tidy()
	if len(c.Members) != c.facts.Members {
		return fmt.Errorf("%s: %d members, want %d", c.Name, len(c.Members), c.facts.Members)
	}
	if err := c.totals(c.facts.Numbers); err != nil {
		return err
	}
	for name, n := range c.facts.Tags {
		c.fact(Single, name, oracle.T(name), n, "")
	}
	for name, k := range c.facts.Segments {
		e := segments[name]
		if e == nil {
			return fmt.Errorf("%s: segment %s is not written as an expression", c.Name, name)
		}
		c.fact(Segment, name, e, k.Cardinality, k.SHA256)
	}
	leaf := func(key string) (*oracle.Expr, error) { return oracle.T(key), nil }
	if err := c.pairs(c.facts.Pairs, leaf); err != nil {
		return err
	}
	return c.judge(c.facts.Expressions, leaf)
}
