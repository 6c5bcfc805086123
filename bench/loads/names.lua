-- Questions for wrk: names drawn at random, paths as in the environment; prints one JSON line at the end.
local prefix, zone, names = os.getenv("PREFIX"), os.getenv("ZONE"), tonumber(os.getenv("NAMES"))
local counter = 0
function setup(thread) counter = counter + 1; thread:set("number", counter) end
function init() math.randomseed(number * 7919) end
function request() return wrk.format("GET", prefix .. "name" .. math.random(1, names) .. zone) end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('JSON {"answered": %d, "seconds": %f, "p50": %f, "p99": %f, "broken": %d}\n', summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, e.connect + e.read + e.write + e.status + e.timeout))
end
