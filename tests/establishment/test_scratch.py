import sys; sys.path.insert(0,'/tmp')
import time
from pathlib import Path
from registry.establishment.exporting import write_generated, write_bodies
from registry.establishment.generate import demo_bodies, generate
from registry.establishment.importing import import_file
from registry.store.bodies import find_body, body_facts, search_bodies
async def test_a(db, clock, tmp_path):
    """x"""
    write_bodies(tmp_path/'d.csv', demo_bodies())
    t=time.time()
    r=await import_file(db, tmp_path/'d.csv', snapshot=False, actor='t', clock=clock)
    print(r, time.time()-t)
    r=await import_file(db, tmp_path/'d.csv', snapshot=True, actor='t', clock=clock)
    print(r)
    async with db.transaction() as c:
        for b in demo_bodies():
            assert await find_body(c,b.uscc)==b
        f=await body_facts(c, next(iter(demo_bodies())).uscc, [])
        print(f)
        print([ (x.role,x.name) for x in await search_bodies(c,'南京市鼓楼区',5)])
async def test_big(db, clock, tmp_path):
    """x"""
    t=time.time()
    write_generated(tmp_path/'d.csv', 100000, 3)
    print('gen', time.time()-t)
    t=time.time()
    r=await import_file(db, tmp_path/'d.csv', snapshot=False, actor='t', clock=clock)
    print(r, time.time()-t)
    t=time.time()
    r=await import_file(db, tmp_path/'d.csv', snapshot=True, actor='t', clock=clock)
    print(r, time.time()-t)
