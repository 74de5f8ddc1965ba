-- What wrk asks for: the requests of a file, one after the other, each thread from a place of its own.
-- A line holds an address, a cookie ("-" for none) and what is accepted. Called with the file as its only argument.

local requests, at = {}, 0
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(arguments)
  local visitor = number * 100000
  for line in io.lines(arguments[1]) do
    local address, cookie, accept = line:match("^(%S+)\t(%S+)\t(%S+)$")
    visitor = visitor + 1
    -- Every visitor has an address of its own, as behind a proxy: the API counts how often each asks.
    local headers = {
      ["Accept"] = accept, ["Accept-Encoding"] = "br", ["X-Forwarded-Proto"] = "http",
      ["X-Forwarded-For"] = string.format("10.%d.%d.%d", number, math.floor(visitor / 250) % 250, visitor % 250),
    }
    if cookie ~= "-" then headers["Cookie"] = "session=" .. cookie end
    requests[#requests + 1] = wrk.format("GET", address, headers)
  end
  at = math.floor(#requests / 2) * number
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %f, "p50": %f, "p95": %f, "p99": %f, "longest": %f, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e6, latency:percentile(95) / 1e6,
    latency:percentile(99) / 1e6, latency.max / 1e6, errors.status, errors.connect + errors.read + errors.write + errors.timeout
  ))
end
