-- wrk's script for benchmarks.serve: questions to POST /api/v1/ask.
-- FEW=1 in the environment: eleven questions over and over; else each one different.
local heads = {"我的快递到哪儿了", "退货的运费谁出", "怎么开发票", "可以货到付款吗", "优惠券用不了", "密码忘了怎么办",
               "客服电话是多少", "我要取消订单", "会员积分怎么用", "订单地址写错了能改吗", "多久能收到退款"}
local tails = {"，订单号是%d", "，是昨天买的%d号商品", "？%d", "，已经等了%d天，请问该怎么办", "，手机尾号%d，急"}
local count = os.time() % 1000000 * 1000

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"

function request()
   count = count + 1
   local question = heads[count % #heads + 1]
   if not os.getenv("FEW") then
      question = question .. string.format(tails[count % #tails + 1], count)
   end
   return wrk.format(nil, nil, nil, '{"question": "' .. question .. '"}')
end

function done(summary, latency, requests)
   local failed = summary.errors.connect + summary.errors.read + summary.errors.write
      + summary.errors.status + summary.errors.timeout
   io.write(string.format(
      'FOUND {"per_second": %.1f, "p50": %.1f, "p95": %.1f, "p99": %.1f, "failed": %d}\n',
      summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(95) / 1000,
      latency:percentile(99) / 1000, failed))
end
