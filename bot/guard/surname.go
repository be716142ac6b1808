package guard

import (
	"strings"
	"unicode/utf8"
)

// surnames are the single characters that are surnames, the frequent ones first.
const surnames = "张王李赵刘陈杨黄周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康施文牛樊葛邢安齐乔庞颜庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由赖萧傅阎贲单诸钮滑荀羿汲邴糜弓牧隗宓蓬郗仰秋暴钭韶蓟怀从鄂咸籍苍莘贡逄扶堵宰郦璩濮寿郏温习宦鱼易慎庾暨步弘广禄殳沃蔚夔厍融訾毋乜巢蒯竺桓仉缑琴佴赏墨谯代候丘禤茆兀"

// mostlyWords are surnames that are words of grammar or of the trade nearly always. They count only
// before a title: 时先生 is a person, 时断时续 is not.
const mostlyWords = "时应和全明查平计门云来都母那位信但干由国区海相利居呼公元初原印满展战危修位乐班官师连关车向解包费边冷盖支封权索商盘练党强花南"

// compound are the surnames of two characters that are still met.
var compound = []string{
	"欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "夏侯", "令狐", "端木", "长孙", "宇文", "独孤", "南宫", "轩辕", "百里", "呼延", "钟离", "申屠",
}

// titles after a surname make it a person.
var titles = []string{
	"先生", "女士", "小姐", "太太", "阿姨", "大爷", "大妈", "奶奶", "爷爷", "叔叔", "伯伯", "婆婆", "大叔", "大姐", "大哥", "大娘", "大伯", "老太", "老头", "老先生", "老爷子", "某", "xx", "x某", "**", "xx,", "姐", "哥", "叔",
	"婶", "伯", "老", "同学", "小朋友", "宝宝", "之子", "之女", "姓",
}

// surname returns the length of the surname a text begins with, 0 for none.
func surname(s string) int {
	for _, c := range compound {
		if strings.HasPrefix(s, c) {
			return len(c)
		}
	}
	r, n := utf8.DecodeRuneInString(s)
	if !han(r) || !strings.ContainsRune(surnames, r) {
		return 0
	}
	return n
}

func titleLength(s string) (n int) {
	for _, t := range titles {
		if len(t) > n && strings.HasPrefix(s, t) {
			n = len(t)
		}
	}
	return n
}

// never tells characters that stand in no given name, but often behind a word that looks like a surname.
func never(r rune) bool {
	return strings.ContainsRune("的了在是不没有和与及或都也还就要被把给让从到对吗呢吧啊么这那哪谁什怎个些请再又很太最更会能可需着过得号床坏停断响亮关掉连接查看用做写打发送抽换转走等说叫问找收入出进退住医护药病患血氧尿液针管机屏网电脑线口灯门柜架旁边急危重刚今昨已血压糖监仪呼脉呕吐痛疼烧喘手脚腿头眼牙背腰胃肠肝肾肺无缺少多几每次第叫先后前上下里外", r)
}

// wordsOfSurnames are ordinary words that begin with a character which is also a surname.
var wordsOfSurnames = map[string]bool{
	"单子": true, "麻好": true, "从产": true,
	"马上": true, "马桶": true, "方便": true, "方法": true, "方案": true, "方向": true, "高血": true, "高烧": true, "高热": true, "高压": true, "高危": true, "高流": true, "高钾": true, "高龄": true, "高度": true,
	"高温": true, "安排": true, "安静": true, "安全": true, "安装": true, "安抚": true, "安置": true, "常规": true, "常用": true, "常见": true, "白天": true, "白细": true, "白班": true, "白色": true, "白板": true,
	"白蛋": true, "时间": true, "时候": true, "时好": true, "全部": true, "全科": true, "全院": true, "全麻": true, "全天": true, "全血": true, "明天": true, "明白": true, "明显": true, "明细": true, "明早": true,
	"关机": true, "关闭": true, "关系": true, "关注": true, "关于": true, "路由": true, "路口": true, "路过": true, "路不": true, "路上": true, "管路": true, "管床": true, "管什": true, "管用": true, "管他": true, "管线": true, "管喂": true, "管液": true, "管血": true, "管理": true, "管子": true, "程序": true, "成功": true, "成年": true, "成都": true, "成批": true, "成片": true, "成了": true, "成人": true, "成分": true, "成像": true,
	"黄色": true, "黄疸": true, "康复": true, "许多": true, "许可": true, "任何": true, "任务": true, "何时": true, "何处": true, "谢谢": true, "范围": true, "包括": true, "包扎": true, "包装": true, "包布": true,
	"古怪": true, "钟头": true, "阳性": true, "阳台": true, "阴性": true, "阴道": true, "容易": true, "容量": true, "尚未": true, "解决": true, "解除": true, "解释": true, "解冻": true, "项目": true, "计划": true,
	"计费": true, "计时": true, "纪录": true, "纪要": true, "曲线": true, "席位": true, "危重": true, "危急": true, "危险": true, "房间": true, "房里": true, "房颤": true, "房室": true, "房号": true, "干净": true, "干扰": true, "干湿": true, "应该": true,
	"应急": true, "应用": true, "应答": true, "单独": true, "左侧": true, "左右": true, "左边": true, "左腿": true, "左手": true, "陆续": true, "车床": true, "车子": true, "班次": true, "宁可": true, "印出": true,
	"印刷": true, "申请": true, "通知": true, "边上": true, "温度": true, "温箱": true, "连接": true, "连上": true, "连续": true, "连不": true, "连线": true, "向上": true, "向下": true, "步骤": true, "都是": true,
	"都没": true, "都有": true, "满了": true, "国产": true, "文字": true, "文书": true, "文件": true, "广播": true, "师傅": true, "来了": true, "来源": true, "来电": true, "相关": true, "相同": true, "信息": true,
	"信号": true, "位置": true, "位数": true, "区域": true, "区别": true, "海绵": true, "平板": true, "平台": true, "平时": true, "平车": true, "门口": true, "门诊": true, "门禁": true, "门铃": true, "云端": true,
	"云台": true, "母亲": true, "母婴": true, "那边": true, "那个": true, "但是": true, "由于": true, "公共": true, "公用": true, "元素": true, "初步": true, "初诊": true, "初始": true, "原因": true, "原来": true,
	"原始": true, "居家": true, "居民": true, "呼叫": true, "呼吸": true, "呼救": true, "利用": true, "利多": true, "和谁": true, "和旁": true, "于是": true, "于今": true, "于昨": true, "于明": true, "于上": true, "于下": true, "于晚": true, "于早": true, "于凌": true, "于当": true, "于本": true, "于术": true, "于手": true, "于入": true, "于此": true, "于病": true, "于医": true, "于护": true, "石膏": true, "石蜡": true, "金属": true,
	"金额": true, "万一": true, "万能": true, "毛巾": true, "毛病": true, "毛毯": true, "简单": true, "简易": true, "皮试": true, "皮肤": true, "皮下": true, "皮带": true, "花费": true, "花眼": true, "强制": true,
	"强烈": true, "权限": true, "官网": true, "支持": true, "支架": true, "支付": true, "支气": true, "米汤": true, "封口": true, "封管": true, "封闭": true, "古老": true, "战时": true, "索引": true, "索要": true,
	"修改": true, "修理": true, "修复": true, "展示": true, "盘点": true, "商量": true, "冷藏": true, "冷敷": true, "冷水": true, "游离": true, "盖子": true, "盖章": true, "练习": true, "甘油": true, "甘露": true,
	"司机": true, "费用": true, "凌晨": true, "毕竟": true, "华法": true, "游标": true, "景象": true, "卫生": true, "卫材": true, "卫星": true, "柏油": true, "商务": true, "仲裁": true, "麻醉": true, "麻药": true,
	"麻烦": true, "迟到": true, "迟迟": true, "谈话": true, "储存": true, "储槽": true, "楼上": true, "楼下": true, "楼层": true, "楼道": true, "闻到": true, "权威": true, "豆奶": true, "丰富": true, "普通": true,
	"普外": true, "薄膜": true, "鲜血": true, "鲜红": true, "尤其": true, "农合": true, "席子": true, "宫颈": true, "宫缩": true, "宫口": true, "景区": true, "乐观": true, "南边": true, "南楼": true, "阿司": true,
	"阿托": true, "阿莫": true, "沙发": true, "沙袋": true, "荣誉": true, "梁上": true, "曾经": true, "余下": true, "余量": true, "余额": true, "余者": true, "万古": true, "孔径": true, "汤药": true, "龙头": true,
	"田间": true, "陶瓷": true, "雷米": true, "史料": true, "苗头": true, "周围": true, "周末": true, "周边": true, "周一": true, "周二": true, "周三": true, "周四": true, "周五": true, "周六": true, "周日": true,
	"周转": true, "周期": true, "周天": true, "黄金": true, "黄灯": true, "黄标": true, "林立": true, "何必": true, "罗列": true, "罗红": true, "唐氏": true, "许久": true, "韩国": true, "曹操": true, "程度": true,
	"苏醒": true, "苏打": true, "任意": true, "沈阳": true, "钟点": true, "金黄": true, "夏天": true, "付费": true, "付款": true, "付钱": true, "江边": true, "严重": true, "严格": true, "严禁": true, "莫非": true,
	"莫名": true, "顾客": true, "顾虑": true, "顾不": true, "武警": true, "钱包": true, "戴上": true, "戴好": true, "戴着": true, "常年": true, "常常": true, "汤勺": true, "齐全": true, "颜色": true, "章节": true,
	"申报": true, "申领": true, "关联": true, "关键": true, "兰索": true, "焦急": true, "焦虑": true, "包药": true, "包床": true, "宁愿": true, "尚且": true, "符合": true, "符号": true, "舒张": true, "舒适": true,
	"纪念": true, "童车": true, "成品": true, "成套": true, "成本": true, "曲折": true, "路径": true, "路线": true, "辛苦": true, "管饲": true, "管道": true, "管控": true, "华为": true, "房门": true,
	"屈曲": true, "饶恕": true, "解锁": true, "解压": true, "解痉": true, "艾灸": true, "阳光": true, "时段": true, "时限": true, "时刻": true, "时不": true, "司法": true, "卓越": true, "吉他": true, "车祸": true,
	"项圈": true, "连同": true, "连通": true, "麦克": true, "党员": true, "冷静": true, "全身": true, "全程": true, "全套": true, "全员": true, "全都": true, "应收": true, "边界": true, "师生": true, "明确": true,
	"查房": true, "查询": true, "查看": true, "查对": true, "查血": true, "查体": true, "官方": true, "班长": true, "原位": true, "原发": true, "盘查": true, "满床": true, "位移": true, "区分": true, "海姆": true,
	"花了": true, "强心": true, "平均": true, "平安": true, "平卧": true, "平稳": true, "计算": true, "计数": true, "计量": true, "门急": true, "门锁": true, "门窗": true, "来人": true, "来自": true, "来不": true,
	"都不": true, "都要": true, "都在": true, "普食": true, "普济": true, "信道": true, "玉米": true, "公费": true, "利尿": true, "元月": true, "由谁": true, "干粉": true, "干咳": true, "干预": true,
	"标签": true, "身份": true, "陈旧": true, "陈述": true, "孙子": true, "孙女": true, "吴茱": true, "张口": true, "张嘴": true, "张贴": true, "王道": true, "李子": true, "杨梅": true, "朱砂": true, "胡乱": true,
	"胡萝": true, "郭线": true, "林格": true, "郑重": true, "谢绝": true, "唐山": true, "董事": true, "蔡司": true, "余热": true, "杜冷": true, "叶酸": true, "丁卡": true, "卢戈": true, "姜汁": true, "贾第": true,
	"方块": true, "方才": true, "熊去": true, "白内": true, "白蛉": true, "江苏": true, "尹始": true, "段落": true, "贺卡": true, "覃思": true, "武汉": true, "孔雀": true, "向导": true, "向量": true, "康泰": true,
	"施工": true, "施救": true, "文档": true, "文本": true, "文员": true, "牛奶": true, "葛根": true, "庄严": true, "欧元": true, "左氧": true, "左旋": true, "柳氮": true, "祝福": true, "梅毒": true, "凌乱": true,
	"盛放": true, "蓝光": true, "蓝牙": true, "蓝色": true, "蓝灯": true, "鲍曼": true, "时钟": true, "时长": true, "农药": true, "简称": true, "简介": true, "连着": true, "米粉": true, "祖母": true, "祖父": true,
	"国际": true, "鹿茸": true, "银色": true, "银屏": true, "勾选": true, "斯坦": true, "展开": true, "智能": true, "智慧": true, "富余": true, "闭合": true, "闭路": true, "由护": true,
}

// common tells whether a text begins with an ordinary word rather than with a name.
func common(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	r2, m := utf8.DecodeRuneInString(s[n:])
	if !han(r) || m == 0 {
		return false
	}
	if wordsOfSurnames[s[:n+m]] {
		return true
	}
	return strings.ContainsRune(mostlyWords, r) && !startsWith(s[n:], titles) && han(r2)
}
