package commands

import "regexp"

// What people say when something waits for their yes or no. Only a whole line counts: a question or a report that
// begins alike is none.
var (
	rulings = regexp.MustCompile(`^(?:我|我们|院里|院部|领导)?(?:不|都)?(?:同意|批准|赞成|准许|可以|行)(?:了|的)?$|^否决?$|^照办$|^就这么办$|^按默认(?:办|处理)?$|` +
		`^(?:i |we )?(?:do not |don't )?(?:agree|approve)d?$|^(?:disagreed?|reject(?:ed)?|declined?)$|^(?:approved|agreed|go ahead|do it|yes|no|use the default)$`)
	ofNumber = regexp.MustCompile(`^(?i:d) ?([0-9]{1,3})(?:[:：,，.、\s]+|$)(.*)$`)
	passes   = regexp.MustCompile(`^(?:都|现在|这边|我们这边|我们|我们科|试了|试过了|刚试了|已经|也|[,，\s])*(?:能用|可以用|可以|可用|好用|正常|没问题|通过|成功|好了|行)(?:了|的)?$|` +
		`^(?:yes|yes it works|it works|works|working|works (?:now|fine|for us|here|again)|it works (?:now|fine|for us|here)|tried it works|all good|passed|ok now|it is fine|fine now)$`)
	fails = regexp.MustCompile(`^(?:都|现在|这边|我们这边|我们|我们科|试了|试过了|刚试了|还|还是|仍然|仍|[,，\s])*(?:不能用|不可以用|用不了|不行|不正常|没好|没有好|失败|没用|有问题|报错)(?:了|的)?$|` +
		`^(?:no|fails|failed|it fails|still fails|broken|still broken|still down|not working|still not working|(?:it )?(?:still )?(?:does not|doesn't|doesnt) work|no luck|no good)$`)
)

// ends are the signs that may end a bare yes or no.
const ends = " .。!！~～"
