import re
from tests.portal.world import *
from registry.flows.naming.judge import check_name
async def test_probe(portal):
    """x"""
    r=portal.runner
    for code,names in ((code_of(COUNTY),["长沙县文化馆.公益","文化馆.公益","长沙文化.公益","星沙文化馆.公益","长沙县文化.公益","文化中心.公益","长沙县文化中心.公益"]),(code_of(CITY),["长沙图书.公益","长沙市图书馆.公益"]),(code_of(PROVINCE),["湖南博物.公益","湘博.公益"]),(code_of(ABROAD),["天河文化.公益"]),(code_of(RIVAL),["长沙县文化.公益","文化中心.公益"]),(TSINGHUA,["清华.公益"])):
        for n in names:
            d,_=await r.run(Caller("person","x"),lambda act: check_name(act,n,code,mapped=True))
            print(n,d.decision,[f.rule for f in d.deciding])
    t=await portal.as_("agency-county")
    for p in ("/portal/","/portal/apply"):
        await t.get(p); print(p,t.status,len(t.text)); print(re.sub(r"<[^>]+>","",t.text)[-900:] if t.status!=200 else "")
    for who,p in (("reviewer-county","/portal/queue"),("operator","/portal/"),("auditor","/portal/audit"),("security-officer","/portal/accounts"),("security-officer","/portal/accounts/auditor")):
        t=await portal.as_(who)
        await t.get(p); print(p,t.status,len(t.text))
    assert 0
