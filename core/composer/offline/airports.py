"""Codes of airports that are no English words: 'lax to jfk' is a route, 'man to sea' is none."""

from __future__ import annotations

CODES = frozenset(
    """
    atl lax ord dfw jfk sfo ewr lga bwi dca iad mia fll mco tpa clt phl phx slc msp dtw mdw aus iah stl bna rdu sjc sna
    smf oak pdx sdq hnl ogg koa lih anc abq abe bdl buf bhm chs cle cmh cvg dal elp gso ict ind jax lit mci mke msn msy
    okc omr ont ric roc rsw sdf syr tul tus yyz yul yvr yyc yow yeg yhz mex gdl cun mty bog lim scl eze gru gig ccs pty
    sjo sju lhr lgw stn ltn lcy edi gla bhx brs ncl lpl dub ork snn cdg ory nce lys mrs tls bod nte ams bru ein rtm fra
    muc txl dus cgn str zrh gva bsl vie prg bud waw krk gdn otp sof ath skg lis opo fao mxp lin fco cia vce nap blq psa
    bcn vlc agp svq bio pmi ibz lpa tfs arn got osl bgo svg cph bll hel rix tll vno kef svo dme led ist saw ayt tlv cai
    cmn rak tun alg jnb cpt dur nbo add los acc dkr dar dxb auh doh bah kwi ruh jed mct khi lhe isb del bom blr maa ccu
    hyd ktm cmb dac bkk dmk hkt kul pen sin cgk dps mnl ceb sgn hkg tpe icn gmp nrt hnd kix itm fuk cts pek pvg sha can
    szx ctu syd mel bne per adl akl chc wlg zqn nan ppt
    """.split()
) - frozenset("can per led los add nan dar pen del".split())
