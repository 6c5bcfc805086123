import time, asyncio
from registry.flows.act import Caller
from registry.flows.domain.create import *
from registry.flows.domain.info import *
from registry.flows.domain.update import *
from tests.flows.world import *
async def test_count(world):
    await world.host("ns1.x.icann"); await world.host("ns2.x.icann")
    u=await world.body("国务院"); code=await world.code(u,"国务院")
    async def counted(caller, flow, order):
        seen=[]
        async def f(act):
            with act.conn.query_logger(lambda r: seen.append(r.query.strip().split("\n")[0][:60])):
                return await flow(act, order)
        await world.runner.run(Caller("registrar",caller), f)
        return seen
    o=CreateDomain("a.zz--main-1234",registrant="c-1",hosts=("ns1.x.icann","ns2.x.icann"),contacts=frozenset({("tech","c-1")}),signers=(DS,))
    for name,order in (("test",o),("official",CreateDomain("xn--zfr54hdx6e.xn--zfr164b",registrant="c-1",hosts=o.hosts,codes=(code,)))):
        s=await counted(A,create_domain,order); print(name,len(s),s)
    s=await counted(A,info_domain,InfoDomain("a.zz--main-1234")); print("info",len(s))
    s=await counted(A,update_domain,UpdateDomain("a.zz--main-1234",add_statuses=("clientHold",))); print("update",len(s),s)
    async def bench(n,k,make,flow):
        async def w(j):
            for i in range(n): await world.do(A,flow,make(j,i))
        t=time.perf_counter(); await asyncio.gather(*(w(j) for j in range(k))); t=time.perf_counter()-t
        return n*k/t
    c0=time.process_time()
    print("create/s", await bench(200,8,lambda j,i: CreateDomain(f"n{j}-{i}.zz--main-1234",registrant="c-1",hosts=o.hosts),create_domain), "cpu/1000", (time.process_time()-c0)/1.6)
    c0=time.process_time()
    print("info/s", await bench(200,8,lambda j,i: InfoDomain(f"n{j}-{i}.zz--main-1234"),info_domain), "cpu/1000", (time.process_time()-c0)/1.6)
    c0=time.process_time()
    print("update/s", await bench(200,8,lambda j,i: UpdateDomain(f"n{j}-{i}.zz--main-1234",add_statuses=("clientHold",)),update_domain), "cpu/1000", (time.process_time()-c0)/1.6)
