package commands

import (
	"regexp"
	"slices"

	"wardline/bot"
	"wardline/bot/incident"
)

// What makes a sentence read as "it is back", in both languages, and what looks like it and is not:
// "not back yet", "until it is restored". A sentence too many costs one more press; one too few may have a
// ward leave its paper.
var (
	soundsBack = regexp.MustCompile(`恢复|修好|修复了|好了|正常了|可以用|可以使用|能用了|可以登|能登录|能登陆|能上网了|通了|用回系统|切回系统|` +
		`\b(?:is|are|it's|its|now|all|came|comes|system) back\b|\bback (?:up|online|on line|to normal|in use|now|again)\b|\brestored\b|\bfixed\b|\bresolved\b|` +
		`\bwork(?:s|ing)? again\b|\bup again\b|\bup and running\b|\b(?:is|are) up\b|\bcan (?:now |again )?(?:use|log in|be used)\b|\buse it again\b|\bfine now\b|\bok now\b`)
	leavesPaper = regexp.MustCompile(`不(?:用|需要|要|必)(?:再)?(?:写|填|走|用|做)?(?:纸|手工)|\b(?:no more|stop (?:using )?|off|leave|without) paper\b`)
	// What helps meanwhile may well be usable: the read-only copy, telephones, paper.
	meanwhile = regexp.MustCompile(`只读|应急|备用|电话|手机|热点|纸|表单|打印|跑单|\bread-?only\b|\bread only\b|\bdowntime\b|\bphones?\b|\bpaper\b|\bforms?\b|\bprint|\brunners?\b|\bspare\b`)
	clauses   = regexp.MustCompile(`[,，。;；!！\n]+|\. `)
	soundsOut = regexp.MustCompile(`恢复不了|修不好|用不了|登不上|(?:还|尚|仍|仍然)?(?:没有|没|未|不)(?:完全|全部)?(?:恢复|修好|好了|正常|可以用|可以使用|能用)|不可以用|不可以使用|` +
		`(?:预计|等待|等|直到|待)[^,，。；;]{0,8}恢复|恢复(?:前|后|之前|以后|之后|时间)|` +
		`\bnot (?:yet )?(?:back|restored|fixed|resolved|working|up)[a-z ]*|\bcan ?not (?:be )?used?\b|\bcan't (?:be )?used?\b|\b(?:until|when|once|before|after|if|as soon as)\b[^,.;]*`)
)

// readsBack reports whether a sentence reads as if a system could be used again, or paper left. What helps
// meanwhile is left out, unless ours says that it is what is down.
func readsBack(text string, ours func(part string) bool) bool {
	text = fold(text)
	if leavesPaper.MatchString(text) {
		return true
	}
	return slices.ContainsFunc(clauses.Split(text, -1), func(part string) bool {
		return (!meanwhile.MatchString(part) || ours(part)) && soundsBack.MatchString(soundsOut.ReplaceAllString(part, " "))
	})
}

// claimsBack reports which systems, still down, a text reads as if they could be used again. Naming only
// systems that were released is true, and no claim.
func (c *Call) claimsBack(text string) []incident.SystemID {
	down := c.In.With(incident.Down, incident.Degraded)
	named := c.h.desk.Pack().SystemsIn(text)
	ours := func(part string) bool {
		return slices.ContainsFunc(c.h.desk.Pack().SystemsIn(part), func(s incident.SystemID) bool { return slices.Contains(down, s) })
	}
	if !c.In.Active() || !readsBack(text, ours) {
		return nil
	}
	if len(named) > 0 && !slices.ContainsFunc(named, func(s incident.SystemID) bool {
		return c.In.Systems[s] != incident.Up && c.In.Systems[s] != incident.Fine
	}) {
		return nil
	}
	return down
}

// tooSoon stands between such a text and those who would read it: what is repaired is released with its
// checklist. Who may release may also say it all the same.
func (c *Call) tooSoon(text string) *Reply {
	down := c.claimsBack(text)
	if len(down) == 0 || c.confirmed() {
		return nil
	}
	id := " incident:" + c.In.ID.String()
	if !c.h.desk.May(c.Person, c.In, bot.Coordinator) {
		reply := c.refuse("refused.too_soon", "systems", down, "holders", c.h.desk.Holders(c.In, bot.Coordinator))
		reply.Actions = buttons(c.button("cmd.fix.done", "/fix done"+id))
		return &reply
	}
	reply := c.ask("ask.too_soon", bot.Danger, "systems", down, "text", text)
	reply.Actions[0].Label = c.Voice.Say("button.all_the_same")
	reply.Actions = append(buttons(c.button("button.restore", "/outage restore"+id)), reply.Actions...)
	return &reply
}

// byPhone is how a report came, not what failed: the telephones work.
var byPhone = regexp.MustCompile(`(?i)打(?:来|了)?(?:的)?电话(?:来|过来)?|来电话?|电话里|\b(?:tele)?phoned\b|\bcalled by (?:tele)?phone\b|\b(?:on|over|by) the (?:tele)?phone\b`)
