package guard

// grammar are words of English that stand where a name might, and are none.
var grammar = []string{
	"the", "a", "an", "is", "are", "was", "were", "has", "have", "had", "in", "on", "at", "of", "to", "for", "from", "with", "and", "or", "not", "no", "who", "that", "this", "there", "where", "when", "what",
	"how", "why", "can", "cannot", "could", "will", "would", "should", "do", "does", "did", "be", "been", "by", "it", "its", "he", "she", "they", "we", "you", "i", "my", "his", "her", "our", "their", "your",
	"still", "now", "also", "needs", "need", "wants", "says", "said", "just", "if", "as", "but", "so", "too", "down", "up", "out", "off", "over", "all", "any", "some", "each", "every", "please", "which", "because",
	"after", "before", "until", "since", "about", "into", "came", "come", "comes", "went", "goes", "go", "get", "got", "next", "until", "mr", "mrs", "ms", "miss", "asked", "asks", "going", "being", "me", "us",
}

// givenNames are first names that are met often; with one of them small letters are a name as well.
var givenNames = []string{
	"james", "john", "robert", "michael", "william", "david", "richard", "joseph", "thomas", "charles", "christopher", "daniel", "matthew", "anthony", "donald", "steven", "paul", "andrew", "joshua", "kenneth",
	"kevin", "brian", "george", "edward", "ronald", "timothy", "jason", "jeffrey", "ryan", "jacob", "gary", "nicholas", "eric", "jonathan", "stephen", "larry", "justin", "scott", "brandon", "benjamin", "samuel",
	"frank", "gregory", "raymond", "alexander", "patrick", "jack", "dennis", "jerry", "tyler", "aaron", "henry", "peter", "adam", "nathan", "walter", "harold", "arthur", "albert", "carl", "roger", "simon", "oliver",
	"mary", "patricia", "jennifer", "linda", "elizabeth", "barbara", "susan", "jessica", "sarah", "karen", "lisa", "nancy", "betty", "sandra", "margaret", "ashley", "kimberly", "emily", "donna", "michelle",
	"carol", "amanda", "melissa", "deborah", "stephanie", "rebecca", "sharon", "laura", "cynthia", "dorothy", "kathleen", "helen", "amy", "shirley", "angela", "anna", "brenda", "pamela", "emma", "nicole", "ruth",
	"katherine", "christine", "samantha", "janet", "catherine", "maria", "heather", "diane", "virginia", "julie", "joyce", "victoria", "kelly", "lauren", "christina", "joan", "evelyn", "judith", "alice", "olivia",
	"jane", "anne", "ann", "rose", "sophia", "sophie", "lucy", "martha", "gloria", "teresa", "sara", "janice", "julia", "marie", "ivan", "ahmed", "mohammed", "muhammad", "ali", "fatima", "jose", "juan", "carlos",
	"luis", "miguel", "pedro", "ana", "elena", "olga", "irina", "hans", "klaus", "pierre", "jean", "marco", "giulia", "raj", "priya", "amit", "sanjay", "anita", "yusuf", "omar", "aisha", "tom", "bob", "bill", "jim",
	"joe", "mike", "dave", "steve", "sue", "kate", "liz", "peggy", "edith", "ethel", "florence", "harry", "leo", "oscar", "grace", "hannah", "abigail", "ella", "chloe", "mia", "noah", "liam", "ethan",
}

// pinyin are Chinese surnames in Latin letters that are no English words.
var pinyin = []string{
	"wang", "zhang", "liu", "chen", "yang", "huang", "zhao", "wu", "zhou", "xu", "zhu", "lin", "guo", "gao", "luo", "zheng", "liang", "xie", "tang", "deng", "feng", "peng", "zeng", "xiao", "tian", "dong", "pan",
	"yuan", "cai", "jiang", "yu", "du", "ye", "cheng", "wei", "su", "lu", "ding", "ren", "yao", "shen", "zhong", "cui", "tan", "fan", "liao", "jin", "jia", "xia", "fu", "fang", "zou", "xiong", "bai", "meng", "qin",
	"qiu", "hou", "yin", "xue", "lei", "shi", "tao", "he", "mao", "hao", "gu", "gong", "shao", "wan", "qian", "dai", "yan", "mo", "kong", "tang", "li", "ma", "hu", "sun", "song", "han", "cao", "ouyang", "situ",
}

// tradeWords are words that stand with a capital in what people write about outages, and are no names.
var tradeWords = map[string]bool{
	"bed": true, "beds": true, "monitor": true, "call": true, "light": true, "bell": true, "broken": true, "down": true, "offline": true, "online": true, "printer": true, "screen": true, "network": true, "nurse": true,
	"station": true, "ward": true, "unit": true, "room": true, "patient": true, "patients": true, "safety": true, "portal": true, "data": true, "transport": true, "desk": true, "officer": true, "access": true,
	"service": true, "services": true, "records": true, "record": true, "list": true, "lists": true, "search": true, "management": true, "monitoring": true, "flow": true, "care": true, "relations": true,
	"experience": true, "registration": true, "identification": true, "identity": true, "identifier": true, "id": true, "wristband": true, "wristbands": true, "label": true, "labels": true, "summary": true,
	"chart": true, "charts": true, "master": true, "index": true, "information": true, "system": true, "systems": true, "viewer": true, "transfer": true, "transfers": true, "discharge": true, "admission": true,
	"admissions": true, "billing": true, "finance": true, "affairs": true, "advocate": true, "education": true, "meals": true, "food": true, "tracking": true, "tracker": true, "board": true, "placement": true,
	"logistics": true, "lookup": true, "entry": true, "view": true, "side": true, "emergency": true, "department": true, "intensive": true, "lab": true, "laboratory": true, "radiology": true, "pharmacy": true,
	"blood": true, "bank": true, "theatre": true, "central": true, "server": true, "database": true, "cable": true, "switch": true, "router": true, "port": true, "power": true, "ups": true, "socket": true, "pump": true,
	"ventilator": true, "oxygen": true, "suction": true, "mattress": true, "rail": true, "alarm": true, "telemetry": true, "medication": true, "medications": true, "cart": true, "scanner": true, "barcode": true,
	"windows": true, "office": true, "microsoft": true, "epic": true, "cerner": true, "oracle": true, "citrix": true, "outlook": true, "teams": true, "excel": true, "word": true, "error": true, "update": true,
	"upgrade": true, "version": true, "please": true, "thanks": true, "hello": true, "monday": true, "tuesday": true, "wednesday": true, "thursday": true, "friday": true, "saturday": true, "sunday": true,
	"january": true, "february": true, "march": true, "april": true, "may": true, "june": true, "july": true, "august": true, "september": true, "october": true, "november": true, "december": true,
	"north": true, "south": true, "east": true, "west": true, "wing": true, "floor": true, "building": true, "block": true, "red": true, "green": true, "yellow": true, "blue": true, "code": true, "team": true,
	"lead": true, "manager": true, "director": true, "chief": true, "head": true, "charge": true, "duty": true, "clinical": true, "medical": true, "surgical": true, "hospital": true, "health": true, "insurance": true,
	"downtime": true, "procedure": true, "form": true, "forms": true, "box": true, "paper": true, "old": true, "new": true, "history": true, "order": true, "orders": true, "results": true, "result": true,
	"report": true, "reports": true, "images": true, "image": true, "x-ray": true, "scan": true, "scans": true, "samples": true, "sample": true, "notes": true, "note": true, "nobody": true, "everyone": true,
	"number": true, "name": true, "names": true, "birth": true, "date": true, "address": true, "phone": true, "cannot": true, "dead": true, "frozen": true, "slow": true, "stuck": true, "empty": true,
	"flat": true, "handover": true, "movement": true, "consent": true, "rights": true, "group": true, "groups": true, "count": true, "counts": true, "numbers": true, "privacy": true, "feedback": true, "app": true,
	"apps": true, "web": true, "website": true, "tv": true, "entertainment": true, "wifi": true, "control": true, "controls": true, "remote": true, "calls": true, "lights": true, "bells": true, "lift": true,
	"scale": true, "scales": true, "alarms": true, "monitors": true, "screens": true, "printers": true, "sticker": true, "stickers": true, "band": true, "bands": true, "demographics": true, "merge": true,
	"merges": true, "duplicates": true, "census": true, "request": true, "requests": true, "details": true, "status": true, "no": true, "not": true, "is": true, "was": true, "in": true, "on": true, "at": true,
	"the": true, "and": true, "still": true, "now": true, "all": true, "what": true, "when": true, "who": true, "how": true, "where": true,
}

func trade(w string) bool { return tradeWords[w] }
