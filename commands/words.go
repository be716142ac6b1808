package commands

import (
	"slices"
	"strings"
)

// words returns what else people may type for the words of the grammar. The keys are the grammar's own
// words; roots, verbs, argument names and choices share one list because they never stand in the same
// place.
func words() map[string][]string {
	return map[string][]string{
		// roots
		"outage": {"故障", "停机事件"}, "fix": {"修复", "维修"}, "ask": {"问", "提问", "请问"}, "downtime": {"停机", "手工"},
		"digest": {"摘要", "简报"}, "wardline": {"助手", "机器人"},
		// verbs
		"declare": {"宣布", "报告故障", "open", "start", "new"}, "status": {"情况", "状态", "now"}, "list": {"列表", "清单", "ls"},
		"update": {"更新", "set"}, "level": {"级别", "定级", "severity"}, "cause": {"原因"}, "scope": {"范围"}, "symptom": {"症状", "现象"},
		"impact": {"影响"}, "role": {"角色", "指定"}, "ask-leaders": {"请示", "请示领导"}, "decide": {"决定", "答复", "批复"},
		"restore": {"恢复", "restored", "up"}, "reopen": {"重开", "复发", "relapse"}, "close": {"关闭", "结束", "end"}, "cancel": {"撤销", "误报"},
		"timeline": {"时间线", "log"}, "report": {"报告", "总结"}, "strike": {"隐去", "删去"}, "tell": {"通知", "广播", "broadcast"},
		"contacted": {"已联系", "联系", "交班", "接班", "handover", "hand-over"}, "undo": {"撤回", "回退", "取消", "改错", "revert", "oops"}, "self": {"我", "本人", "自己", "me", "myself", "i"}, "onway": {"在路上", "出发", "on-way"}, "arrived": {"到场", "已到", "到了"},
		"eta": {"预计", "预计恢复", "预计时间"}, "progress": {"进展", "进度"}, "need": {"需要", "需求"}, "test": {"试用", "测试"},
		"change": {"变更", "改动"}, "done": {"修好", "完成", "fixed"}, "pack": {"工程师包", "资料"},
		"answer": {"回答", "回复"}, "assign": {"指派", "派给"}, "merge": {"合并", "并"}, "into": {"并入", "to", "with", "到"}, "queue": {"待答", "队列", "questions"}, "procedure": {"流程", "手工流程", "procedures"},
		"visits": {"走访名单", "巡查名单", "rounds"}, "visit": {"走访", "巡查", "round"}, "wards": {"各科", "各科回报", "departments-told"}, "script": {"广播稿", "广播词", "loudspeaker"}, "ack": {"回报", "签收", "收到", "acknowledge"}, "feedback": {"反馈", "意见"},
		"subscribe": {"订阅"}, "unsubscribe": {"退订"}, "now": {"立即"}, "help": {"帮助", "?", "？"}, "lang": {"语言", "language"}, "whoami": {"我是谁", "me"}, "doctor": {"自检"},
		// arguments
		"systems": {"system", "系统"}, "what": {"现象", "怎么了", "说明", "text"}, "since": {"自", "从", "起", "开始", "开始时间", "发生时间", "from", "started"}, "departments": {"department", "dept", "科室", "部门", "units"},
		"works": {"still-works", "可用", "还能用"}, "text": {"内容", "文字"}, "department": {"科室", "部门", "dept", "unit"}, "place": {"地点", "位置"},
		"reason": {"理由", "why"}, "override": {"强制", "坚持"}, "status-of": {"把握"}, "class": {"类别", "分类"}, "person": append([]string{"人", "who", "谁"}, callPerson()...),
		"options": {"选项"}, "by": {"截止", "之前", "deadline"}, "default": {"默认"}, "n": {"编号", "号", "no"}, "watch": {"观察"},
		"backentry": {"补录", "补录截止"}, "cutover": {"切换", "切换时间"}, "note": {"备注"}, "confidence": {"把握", "把握度"}, "giver": {"提出人", "给出"},
		"due": {"预计到场", "到场时间", "arrival"}, "name": {"姓名", "工程师", "engineer"}, "rooms": {"room", "群", "频道"}, "schedule": {"cron", "时间表", "定时"},
		"language": {"语言", "lang"}, "zone": {"时区"}, "fine": {"正常", "ok", "unaffected"}, "possible": {"可能"}, "extent": {"程度", "全部或部分"},
		"incident": {"事件", "inc", "编号事件"}, "confirm": {"确认"}, "take": {"撤下"}, "key": {"项目", "项"}, "value": {"值"}, "same": {"同", "same-as"}, "how": {"方法"},
		"result": {"结果"}, "topic": {"主题"}, "sure": {"确定", "certainty"}, "page": {"页"}, "after": {"之后", "接着"}, "part": {"段"}, "supply": {"物资", "要什么"}, "stuck": {"卡住", "卡在", "impact"}, "waiting": {"等待", "等待患者", "排队"}, "at": {"时间", "时刻"},
		// choices
		"partial": {"部分", "局部"}, "total": {"全部", "全停", "整体", "full"}, "suspected": {"推测", "怀疑", "maybe"}, "confirmed": {"已确认", "确认", "certain"},
		"hardware": {"硬件"}, "software": {"软件", "数据库", "database"}, "network": {"网络"}, "power": {"电力", "停电"}, "external": {"外部", "厂家", "vendor"}, "attack": {"攻击", "勒索", "ransomware"},
		"all": {"全部", "所有", "全院"}, "unknown": {"未知", "不知道"}, "high": {"高"}, "medium": {"中"}, "low": {"低"}, "yes": {"是", "好", "y", "ok"}, "no": {"否", "不"},
		"try": {"请"}, "pass": {"能用", "通过", "ok", "works"}, "fail": {"不能用", "不行", "失败", "fails"}, "raise": {"提出"}, "met": {"解决", "已解决", "满足"}, "room": {"群", "本群"},
		"claim": {"我去", "认领", "take-on", "go"}, "drop": {"放弃", "不去了", "give-back"}, "none": {"没有", "无", "nobody"}, "few": {"几位", "几个", "少"}, "many": {"很多", "许多", "大量"},
		"counted": {"约", "大约", "about", "patients", "people", "名患者", "位患者", "个患者", "人", "位", "名"},
		"paper":   {"已转手工", "转手工", "手工", "已转", "on-paper"}, "cannot": {"转不了", "不能", "做不到", "can't", "can-not"}, "seen": {"已告知", "知道了", "看到", "told"},
		"forms": {"表单", "单子", "form"}, "people": {"人手", "增援", "staff"}, "runner": {"跑单", "跑单员", "送单", "runners"}, "read": {"已朗读", "朗读", "已读", "已广播"},
		"zh": {"中文", "chinese", "汉语"}, "en": {"英文", "english", "英语"},
		"headline": {"一句话", "概况"}, "workaround": {"临时办法", "办法"}, "patients": {"患者", "患者影响", "patient"}, "plan": {"方案"}, "fallback": {"备选"},
		"risk": {"风险"}, "readonly": {"只读", "只读病历"}, "capacity": {"余量", "容量"}, "backlog": {"积压"}, "issue": {"数据问题", "问题"},
		"versions": {"版本"}, "server": {"服务器", "配置"}, "tried": {"已试", "试过"}, "logs": {"日志"}, "access": {"权限"}, "contact": {"联系人"}, "login": {"登录批次", "登录顺序"},
	}
}

// callPerson returns what else people type for /ask person.
func callPerson() []string { return []string{"human", "请人", "请人回答", "人工", "转人工"} }

// is reports whether typed means the grammar's word.
func (g *grammar) is(typed, word string) bool {
	typed = strings.Join(strings.Fields(fold(typed)), "-")
	return typed == word || slices.Contains(g.words[word], typed)
}

// pick returns which of the words typed means, "" if none.
func (g *grammar) pick(typed string, among []string) string {
	for _, w := range among {
		if g.is(typed, w) {
			return w
		}
	}
	return ""
}

// fold makes what people type comparable: full-width forms become narrow, letters small.
func fold(s string) string {
	var b strings.Builder
	for _, r := range strings.TrimSpace(s) {
		switch {
		case r == '\u3000':
			r = ' '
		case r >= '\uff01' && r <= '\uff5e':
			r -= 0xfee0
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}
