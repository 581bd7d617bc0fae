"""Two long answers, written for the tests: a Chinese rental agreement and an English camera manual."""

from __future__ import annotations

from faqbot.knowledge import Entry

RENTAL = """\
本协议适用于通过本店租用的自行车、电动车和露营设备。下单即表示您已经读过并同意以下条款。

## 押金
租用自行车收押金三百元，电动车收押金八百元，露营设备按清单总价的两成收取。押金在取车时预授权，不会真正扣款。归还后二十四小时内解除，银行到账可能还要三到五个工作日。
信用分在六百五十分以上的客人可以免押金，只需在取车前完成授权。

## 取车与归还
### 取车
请带身份证原件到门店取车，复印件和照片都不能用。店员会和您一起检查车身、刹车、轮胎和灯，并拍照留底。取车后如果发现问题，请在三十分钟内联系门店，否则视为取车时完好。
未满十六岁的客人不能租电动车；未满十二岁的客人不能单独骑自行车上路，须有成年人陪同。

### 归还
可以在任何一家门店归还，不必回到取车的地方。异店归还收调度费二十元，节假日免收。超过约定时间两小时以内按小时补差价，超过两小时按一天计算。晚上九点关门以后请把车锁在门口的夜间车架上，把钥匙投进绿色的箱子里。

## 损坏与丢失
轮胎扎破由我们负责，不收费用。车身刮花按面积赔偿，每处最多一百元。车灯、车铃等小零件丢失按价目表赔偿。
车辆被盗时，请立刻报警并在两小时内通知我们。上了锁并且能出示钥匙的，只赔车价的三成；没有上锁的，按车价全额赔偿。

## 取消
取车前二十四小时以上取消不收费用。二十四小时以内取消收租金的三成。遇到暴雨、台风橙色以上预警，随时可以免费取消，押金原路退回。
"""

CAMERA = """\
The trail camera watches a path or a garden and takes a picture whenever something warm moves past it. This page \
explains how to set it up, feed it with power and get the pictures out.

# Power
The camera takes eight AA cells. Use lithium cells in winter: alkaline ones lose half of their charge below freezing \
and the camera may stop at night. A set lasts about six months with fifty pictures a day. When the red lamp blinks \
three times at the door, the cells are nearly empty. An external 12 volt battery can be plugged into the socket at the \
bottom; the inner cells then take over when it runs dry.

# Memory cards
Cards of up to 512 GB work, formatted as exFAT. Format a new card in the camera, not in a computer. When the card is \
full the camera stops, unless loop recording is switched on; then the oldest pictures make room for new ones. A card \
that is write-protected makes the display show the word LOCK.

# Mounting
Fasten the camera at knee height, about three metres from the path, and turn it north so that the sun never shines \
into the lens. Cut twigs and tall grass in front of it, because leaves that move in the wind trigger it. The strap \
fits trunks up to sixty centimetres thick. A python lock with a diameter of nine millimetres fits through the housing.

# Sending pictures
The model with an antenna sends each picture over the mobile network. It needs a SIM card without a PIN and about \
thirty megabytes of data for a hundred pictures. Where the signal is weak, screw the antenna off and use the two metre \
cable to bring it higher up the tree.
"""

DOCUMENTS = (
    Entry("rental", "租车协议", ("租车要遵守什么规定",), RENTAL.strip(), "zh"),
    Entry("camera", "The trail camera's manual", ("how does the wildlife camera work",), CAMERA.strip(), "en"),
)
"""Entries whose answers are long."""

SHORT = (
    Entry("hours", "门店几点开门？", ("营业时间是几点到几点", "周末开门吗"), "每天早上八点到晚上九点。", "zh"),
    Entry("invoice", "怎么开发票？", ("能开电子发票吗", "发票什么时候寄"), "在订单页点「开发票」。", "zh"),
    Entry("guide", "Do you offer guided tours?", ("can somebody show us around",), "Every Saturday at ten.", "en"),
)
"""Entries whose answers are short."""
