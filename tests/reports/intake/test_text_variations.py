"""Texts of our own: other numbering, encodings, amounts, missing parts, as real reports have them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgets.money import from_wan
from budgets.tables import Column
from reports.dossier import Covers, Dossier
from reports.intake import IntakeError, read_bytes
from reports.intake.text import read_text

HEAD = "2022年度示例县水利局部门整体支出绩效自评报告\n"


def yuan(wan: str) -> Decimal:
    return from_wan(Decimal(wan))


BROKEN = """本单位严格执行中央八项规定精神和厉行节约反对浪费的有关要求，从
严控制一般性支出，压减会议、培训和公务接待等方面的费用，把有限的
资金用在保障民生和重点工作上，资金使用的安全性和有效性得到进一步
提高，各项工作任务按时完成，群众反映良好，上级有关部门给予肯定。
"""
"""A paragraph with hard breaks, as text taken out of a PDF has them."""


def finance(words: str):
    """Money of a report whose third chapter says just this."""
    return read_text(f"{HEAD}一、部门整体支出情况\n{BROKEN}{words}\n").money


def profile(words: str):
    return read_text(f"{HEAD}一、部门概况\n{words}\n").profile


def results(words: str):
    return read_text(f"{HEAD}一、部门整体支出绩效评价\n{words}\n").indicators


# ------------------------------------------------------------------ a whole report of another place

WHOLE = """示例县水利局2022年度部门整体支出绩效自评报告

单位名称：示例县水利局
联系人：李四      联系电话：0734-1234567

第一部分 部门（单位）基本情况
（一）机构设置。示例县水利局系县人民政府工作部门，为行政机关，核定行政编制24名、事业编制41名，年末在职人员60人，退休25人。内设办公室、人事股、计划财务股、水旱灾害防御股等4个股室。
（二）主要职责。主要职责是：（一）贯彻落实国家水利方针政策；（二）负责水资源管理和保护；（三）指导农村水利工作。
第二部分 一般公共预算支出情况
（一）收入情况。2022年度收入合计１，２３４．５６万元，其中：一般公共预算财政拨款收入1,200.00万元，其他收入34.56万元。年初结转和结余10万元。
（二）支出情况。2022年度本年支出合计1,230.56万元，其中：基本支出800万元（其中：人员经费700万元，公用经费100万元），项目支出430.56万元。年末结转和结余14万元。
（三）预算执行。2022年年初预算1100万元，年中追加134.56万元，全年预算数1234.56万元，其中：基本支出800万元，项目支出434.56万元。比上年增加56.2万元，增长4.8%。
（四）“三公”经费。2022年“三公”经费支出22.62万元，其中：公务接待费20.10万元，公务用车运行维护费2.52万元，因公出国（境）费0元。
第三部分 项目支出情况
1.农村饮水安全工程资金300万元，实际支出298.5万元。
2.县财政拨付山洪灾害防治专项资金134.56万元。
专项资金由计划财务股负责管理，实行专账核算。
第四部分 部门整体支出绩效情况
（一）产出指标完成情况
1.数量指标。维修水库目标值12座，实际完成12座，分值10分，得10分；开展培训5次。
2.质量指标：工程验收合格率100%。
（二）效益指标完成情况
1.社会效益指标：受益人口1.2万人；
（三）满意度指标：群众满意度96%。
经综合评价，我局2022年度部门整体支出绩效自评得分为九十五分，评价等级为“优”。
第五部分 存在的问题及原因分析
一是预算编制不够精准。二是绩效目标设置不够细化。
第六部分 下一步改进措施
加强预算编制，细化绩效指标。
第七部分 绩效自评结果拟应用和公开情况
自评结果将随决算公开。
                                  示例县水利局
                                  2023年5月31日
"""


@pytest.fixture(scope="module")
def whole():
    return read_text(WHOLE)


def test_cover_and_signature(whole):
    unit = whole.profile
    assert (unit.department, unit.contact, unit.phone) == ("示例县水利局", "李四", "0734-1234567")
    assert unit.prepared_on.isoformat() == "2023-05-31"


def test_people_and_duties_in_running_text(whole):
    unit = whole.profile
    assert (unit.kind, unit.authorized_posts, unit.staff_on_posts, unit.retirees) == ("行政机关", 65, 60, 25)
    assert (unit.offices_stated, unit.internal_offices) == (
        4,
        ("办公室", "人事股", "计划财务股", "水旱灾害防御股"),
    )
    assert [duty[:4] for duty in unit.duties] == ["贯彻落实", "负责水资", "指导农村"]


def test_money_of_the_whole_report(whole):
    money = whole.money
    assert money.income_source.total("actual") == yuan("1234.56"), "full-width thousands"
    assert money.income_source.amount("fiscal", "actual") == yuan("1200")
    assert money.carryover.amount("opening", "actual") == yuan("10")
    assert money.carryover.amount("closing", "actual") == yuan("14")
    assert money.expenditure.total("initial_budget") == yuan("1100")
    assert money.budget == yuan("1234.56")
    assert [one.amount for one in money.adjustments] == [yuan("134.56")]
    assert money.expenditure.amount("project", "full_budget") == yuan("434.56")
    assert money.expenditure.amount("project", "actual") == yuan("430.56")
    assert money.running_costs.total("actual") == yuan("100")
    assert money.three_public.total("actual") == yuan("22.62")
    assert money.three_public.amount("abroad", "actual") == 0
    assert [(one.name, one.allocated, one.spent) for one in money.projects] == [
        ("农村饮水安全工程资金", yuan("300"), yuan("298.5")),
        ("山洪灾害防治专项资金", yuan("134.56"), None),
    ]
    assert money.project_office == "计划财务股"


def test_growth_is_no_figure_of_the_year(whole):
    assert "比上年增加56.2万元，增长4.8%。" in whole.section("funds_allocation")


def test_indicators_of_the_whole_report(whole):
    first, training, quality, benefit, satisfaction = whole.indicators.indicators
    assert (first.name, first.target, first.actual) == ("维修水库", "12座", "12座")
    assert (first.weight, first.self_score) == (10, 10)
    assert (training.name, training.actual, training.level2) == ("开展培训", "5次", "数量指标")
    assert (quality.name, quality.actual) == ("工程验收合格率", "100%")
    assert (benefit.level1, benefit.level2, benefit.actual) == ("效益指标", "社会效益指标", "1.2万人")
    assert (satisfaction.name, satisfaction.actual) == ("群众满意度", "96%")
    assert whole.indicators.assessment.score == 95, "Chinese number"
    assert whole.indicators.assessment.grade == "优"


def test_a_section_that_the_outline_does_not_know_is_kept(whole):
    assert ("七 绩效自评结果拟应用和公开情况", "自评结果将随决算公开。") in [
        (item.source.replace("第七部分", "七"), item.words) for item in whole.unread
    ]


def test_an_amount_without_a_row_is_kept(whole):
    assert "人员经费700万元" in [item.words for item in whole.unread]


def test_an_amount_that_does_not_say_what_it_is_is_a_question(whole):
    assert any("没有写明是预算、下达还是支出" in item.question for item in whole.unread)


# ------------------------------------------------------------------ a report with hard breaks and other chapters

BROKEN_REPORT = """示例市妇女联合会2020年度部门整体
支出绩效评价报告

    一、部门（单位）概况
    （一）单位基本情况
    示例市妇女联合会属群团机关，全额拨款行政单
位。核定编制3名，年末实有在职人员3人，退休人员2
人。
    主要职能职责如下：
    (1)团结动员妇女投身改革开放和社会主义现代化
建设，促进经济发展和社会全面进步。
    (2)代表妇女参与管理国家事务、管理经济和文化
事业、管理社会事务，参与民主决策。
    （二）部门整体支出规模、使用方向和主要内容
    1.收入情况：2020年部门决算总收入90.37万元，其
中财政拨款69.06万元，其他收入21.31万元。
    2.支出情况：2020年部门决算总支出76.36万元，其
中基本支出46.36万元，占60.71%；项目支出30.00万元，
占39.29%。
    3.年初预算数57.28万元，年中追加预算11.78万元，调
整后预算69.06万元。
    4.结转结余：年末结转结余14.01万元。
    二、部门整体支出管理及使用情况
    （一）基本支出
    基本支出46.36万元，是指为保障单位机构正常运转、
完成日常工作任务而发生的各项支出，其中人员经费
40.36万元，公用经费6万元。
    （二）专项支出
    “两癌”救助专项经费20万元，实际支出20万元；
    妇女儿童发展规划经费10万元，实际支出10万元。
    （三）“三公”经费
    2020年“三公”经费预算1.5万元，决算1.2万元，其中
公务接待费1.2万元。
    三、部门绩效目标
    （一）部门绩效总目标
    团结引导广大妇女。
    （二）部门年度目标
    全年开展培训不少于6期，培训妇女300人以上，服务
对象满意度≥95%。
    四、绩效评价情况
    （一）产出
    1、数量指标
    开展培训8期，培训妇女420人次。
    2、质量指标
    培训合格率100%。
    （二）满意度
    服务对象满意度达到97.5%。
    根据《绩效评价指标体系》评分，得分96分，评为“优秀”等次。
    五、存在的主要问题
    （一）预算编制不够精准。年初预算与实际执行存在
差距。
    （二）绩效目标不够细化。
    六、改进措施和建议
    （一）加强预算编制管理。
    （二）细化绩效目标。
                            示例市妇女联合会
                            2021年6月8日
"""


@pytest.fixture(scope="module")
def broken():
    return read_text(BROKEN_REPORT)


def test_title_over_two_lines(broken):
    assert broken.title == "示例市妇女联合会2020年度部门整体支出绩效评价报告"
    assert (broken.profile.department, broken.profile.kind) == ("示例市妇女联合会", "群团机关")
    assert (broken.profile.authorized_posts, broken.profile.staff_on_posts, broken.profile.retirees) == (
        3,
        3,
        2,
    )


def test_duties_end_where_the_next_section_begins(broken):
    assert [duty[-7:] for duty in broken.profile.duties] == ["社会全面进步。", "参与民主决策。"]


def test_money_of_the_broken_report(broken):
    money = broken.money
    assert (money.income_source.total("actual"), money.spent) == (yuan("90.37"), yuan("76.36"))
    assert (money.expenditure.total("initial_budget"), money.budget) == (yuan("57.28"), yuan("69.06"))
    assert money.expenditure.amount("project", "actual") == yuan("30")
    assert money.three_public.total("full_budget") == yuan("1.5")
    assert money.three_public.total("actual") == yuan("1.2"), "决算 alone is of what stands before it"
    assert [(one.name, one.spent) for one in money.projects] == [
        ("“两癌”救助专项经费", yuan("20")),
        ("妇女儿童发展规划经费", yuan("10")),
    ], "实际支出 behind a project is the project's"


def test_goals_and_targets_in_prose(broken):
    assert [goal.expected[:4] for goal in broken.indicators.goals] == ["团结引导", "全年开展"]
    assert [(line.name, line.target, line.actual) for line in broken.indicators.indicators] == [
        ("开展培训", "不少于6期", "8期"),
        ("培训妇女", "300人以上", "420人次"),
        ("培训合格率", None, "100%"),
        ("服务对象满意度", "≥95%", "97.5%"),
    ]


def test_problems_and_measures_are_lists(broken):
    assert broken.section("problems").startswith(
        "（一）预算编制不够精准。年初预算与实际执行存在差距。\n（二）"
    )
    assert broken.section("measures") == "（一）加强预算编制管理。\n（二）细化绩效目标。"


# ------------------------------------------------------------------ nothing but a dossier or a sentence


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*WHOLE.split("\n"), *BROKEN_REPORT.split("\n")]), max_size=60))
def test_any_order_of_lines_is_read_or_refused(lines):
    try:
        dossier = read_bytes("\n".join(lines).encode(), "x.txt")
    except IntakeError:
        return
    assert read_bytes(dossier.canonical_json().encode(), "x.json") == dossier


@pytest.mark.parametrize(
    "words",
    [
        "1、数量指标：某项目标值5次，实际5次，分值123456789分，得10.555分。",
        "自评得分为99999分。",
        "1、数量指标：某项99999999999999999999999次。",
    ],
)
def test_numbers_out_of_range_are_left_out(words):
    indicators = results(words)
    assert indicators.assessment.score is None
    assert all(line.weight is None and line.self_score is None for line in indicators.indicators)


# ------------------------------------------------------------------ encodings and excerpts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(whole, encoding):
    assert read_bytes(WHOLE.encode(encoding), "report.txt") == whole


def test_line_ends_of_windows(whole):
    assert read_text(WHOLE.replace("\n", "\r\n")) == whole


@pytest.mark.parametrize("data", [b"", b"\n \n", "只是一句话。".encode(), b"\x00\x01\x02\xff\xfe\x00"])
def test_what_is_no_report_is_refused_with_a_sentence(data):
    with pytest.raises(IntakeError) as refusal:
        read_bytes(data, "x.txt")
    assert any("\u4e00" <= sign <= "\u9fff" for sign in str(refusal.value))


def test_a_report_without_year_is_refused():
    with pytest.raises(IntakeError, match="年度"):
        read_text("部门整体支出绩效自评报告\n一、部门概况\n某局是行政机关。\n")


def test_an_excerpt_covers_only_what_it_has():
    dossier = read_text(f"{HEAD}一、存在的主要问题\n1、预算编制不细。\n二、改进措施\n1、细化预算。\n")
    assert dossier.coverage == frozenset()
    assert dossier.section("problems") == "1、预算编制不细。"


def test_tables_missing_is_not_empty_tables():
    dossier = read_text(f"{HEAD}一、部门概况\n示例县水利局是行政机关。\n")
    assert not dossier.covers(Covers.INCOME)
    assert dossier.money.spent is None


# ------------------------------------------------------------------ amounts


@pytest.mark.parametrize(
    ("words", "wan"),
    [
        ("2022年度支出合计264.55万元。", "264.55"),
        ("2022年度支出合计２６４．５５万元。", "264.55"),
        ("2022年度支出总额为23,866.88万元。", "23866.88"),
        ("全年支出11,122,315.04 元。", "1112.231504"),
        ("2022年度支出合计264.\n55万元。", "264.55"),
        ("2022年度支出合计264.55\n\n万元。", "264.55"),
        ("2022年度支出合\n计264.55万元。", "264.55"),
        ("本年支出1.2亿元。", "12000"),
        ("本年支出0万。", "0"),
    ],
)
def test_total_of_expenditure(words, wan):
    assert finance(words).spent == yuan(wan)


def test_grand_total_with_carryover_stands_beside_the_years_total():
    money = finance(
        "本年收入390.55万元，其中：一般公共预算财政拨款收入382.17万元，上级补助收入8.38万元；"
        "上年结转和结余190.89万元；收入总计581.45万元。"
    )
    assert money.income_source.total("actual") == yuan("390.55")
    assert money.carryover.amount("opening", "actual") == yuan("190.89")
    assert [(row.label, row.actual) for row in money.carryover.rows if row.key.startswith("row-")] == [
        ("收入总计", yuan("581.45"))
    ]


def test_parts_of_the_fiscal_share_are_not_parts_of_the_whole():
    money = finance("本年支出200万元。财政拨款支出180万元，其中：基本支出100万元，项目支出80万元。")
    assert money.expenditure.amount("basic", "actual") is None
    assert money.spent == yuan("200")


def test_sources_of_project_money_are_no_income():
    money = finance("项目支出800万元，其中：一般公共预算600万元，政府性基金200万元。")
    assert money.income_nature.rows == ()
    assert money.projects == ()


def test_an_inexact_amount_is_a_question():
    dossier = read_text(f"{HEAD}一、部门整体支出情况\n全年支出约2300万元，其中基本支出1500万元。\n")
    assert dossier.money.spent == yuan("1500"), "the exact part stays"
    assert dossier.money.expenditure.stated_total is None
    assert any("不是准确数" in item.question for item in dossier.unread)


def test_last_years_figure_goes_to_last_years_column():
    money = finance("2021年支出300万元。2022年支出320万元。")
    assert (money.spent, money.expenditure.total("prior_final")) == (yuan("320"), yuan("300"))


def test_the_same_total_with_two_values_is_a_question():
    dossier = read_text(
        f"{HEAD}一、部门整体支出情况\n本年支出300万元。\n二、资金管理及使用情况\n本年实际支出310万元。\n"
    )
    assert dossier.money.spent == yuan("300"), "the first one stays"
    assert any("两个不同的值" in item.question for item in dossier.unread)


@pytest.mark.parametrize(
    ("words", "spent", "project"),
    [
        ("某某救助20万元，实际支出19万元。", None, None),
        ("项目支出预算30万元，决算28万元。", None, "28"),
        ("项目支出30万元，实际支出28万元。", None, "30"),
        ("本年收入300万元，其中：其他收入5万元，支出280万元。", "280", None),
    ],
)
def test_spent_alone_belongs_to_what_stands_before_it(words, spent, project):
    money = finance(words)
    assert money.spent == (None if spent is None and project is None else yuan(spent or project))
    assert money.expenditure.amount("project", "actual") == (None if project is None else yuan(project))


def test_other_money_stays_in_the_text_and_is_listed():
    dossier = read_text(f"{HEAD}一、部门整体支出情况\n本年支出300万元。其中差旅补贴12.3万元。\n")
    assert dossier.money.expenditure.rows == ()
    assert "差旅补贴12.3万元" in [item.words for item in dossier.unread]


# ------------------------------------------------------------------ profile


@pytest.mark.parametrize(
    ("words", "posts", "staff", "retirees"),
    [
        ("单位编制数11个，实际在编人员7人，离退休人员0人。", 11, 7, 0),
        ("核定编制３人，现有在职人员３人，无退休人员。", 3, 3, 0),
        ("人员编制63名，在职人数57人，离休2人，退休92人。", 63, 57, 94),
        ("事业编制十二名（其中工勤2名），在编在职人员十一人。", 12, 11, None),
        ("行政编制24名，事业编制41名，实有人数60人。", 65, 60, None),
        ("我单位人员精干。", None, None, None),
    ],
)
def test_posts_and_staff(words, posts, staff, retirees):
    unit = profile(words)
    assert (unit.authorized_posts, unit.staff_on_posts, unit.retirees) == (posts, staff, retirees)


@pytest.mark.parametrize(
    ("words", "stated", "names"),
    [
        ("内设5个股室为：办公室、人事股、财务股、业务股、监督股。", 5, 5),
        ("内设机构3个，分别为办公室、人事股、财务股。", 3, 3),
        ("内设办公室、人事股、财务股3个股室。", 3, 3),
        ("设有综合股、业务股等2个股室。", 2, 2),
        ("内设办公室、人事股等。", None, None),
        ("内设机构4个。", 4, None),
    ],
)
def test_internal_offices(words, stated, names):
    unit = profile(words)
    found = None if unit.internal_offices is None else len(unit.internal_offices)
    assert found == names
    assert stated is None or unit.offices_stated == stated


def test_a_list_of_offices_that_does_not_claim_to_be_complete_is_not_covered():
    dossier = read_text(f"{HEAD}一、部门概况\n内设办公室、人事股等。\n")
    assert not dossier.covers(Covers.OFFICES)


# ------------------------------------------------------------------ results


@pytest.mark.parametrize(
    ("words", "score", "grade"),
    [
        ("本单位自评得分100分，自评结论为“优秀”", Decimal(100), "优秀"),
        ("满分100分，自评得分97.5分，评价等级为良。", Decimal("97.5"), "良"),
        ("综合评价得分为88分，等级为“良好”。", Decimal(88), "良好"),
        ("总体较好。", None, ""),
    ],
)
def test_score_and_grade(words, score, grade):
    assessment = results(words).assessment
    assert (assessment.score, assessment.grade) == (score, grade)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "1、数量指标：发放宣传资料2000份，开展讲座12场。",
            [("发放宣传资料", None, "2000份"), ("开展讲座", None, "12场")],
        ),
        ("1、数量指标：培训目标值≥12次，实际完成15次。", [("培训", "≥12次", "15次")]),
        ("1、数量指标：报送信息86条，被市级采用20条。", [("报送信息", None, "86条")]),
        ("1、社会效益指标：实现税收1.2亿元，占全区的12%。", [("实现税收", None, "1.2亿元")]),
        ("1、社会效益指标：入园率由88%提高到91.5%。", [("入园率", None, "91.5%")]),
        ("1、数量指标：新增就业860人，完成目标任务800人的107.5%。", [("新增就业", "800人", "860人")]),
        ("1、满意度指标：回收问卷486份，回收率97.2%，其中满意452份，满意度93%。", [("满意度", None, "93%")]),
        ("1、满意度指标：服务对象满意度达98%以上。", [("服务对象满意度", None, "98%以上")]),
        ("1、成本指标：合理控制成本。", [("合理控制成本", None, None)]),
        (
            "1、数量指标：编制数40人，在职人数36人，在职人员控制率90%。",
            [("在职人员控制率", None, "90%")],
        ),
        (
            "1、数量指标：编制数40人，在职人数36人，在职人员控制率95%。",
            [("在职人员控制率", None, "95%")],
        ),
    ],
)
def test_lines_of_a_class(words, expected):
    found = [(line.name, line.target, line.actual) for line in results(words).indicators]
    assert found == expected


def test_a_rate_that_does_not_follow_from_its_inputs_has_no_formula():
    (line,) = results("1、数量指标：编制数40人，在职人数36人，在职人员控制率95%。").indicators
    assert (line.formula, line.evidence) == ("", "编制数40人，在职人数36人")


def test_targets_of_the_goals_meet_their_indicators():
    dossier = read_text(
        f"{HEAD}一、绩效目标设置情况\n（一）绩效目标情况\n1、数量指标：开展讲座≥12场。\n2、质量指标：课程合格率100%。\n"
        "二、部门整体支出绩效评价\n1、数量指标：开展讲座15场。\n"
    )
    found = [(line.name, line.target, line.actual) for line in dossier.indicators.indicators]
    assert found == [("开展讲座", "≥12场", "15场"), ("课程合格率", "100%", None)]


def test_a_number_at_the_beginning_of_a_broken_line_is_no_numbering():
    words = (
        "本单位全年共组织了宣传活动若干场次，参加人数众多，取得良好成效，其中大型活动\n"
        "12、13两日在广场举行，效果显著，群众普遍反映很好，希望今后继续\n"
        "举办此类活动，满足群众需要，丰富群众的业余文化生活，提升\n"
        "生活质量。"
    )
    (section,) = read_text(f"{HEAD}一、部门整体支出绩效评价\n{words}\n").narrative
    assert "\n" not in section.text
    assert "大型活动12、13两日" in section.text


def test_a_name_that_a_comma_parts_from_its_target_and_result():
    found = results(
        "1、质量指标：验收合格率，年度指标值≥98%，实际完成99.2%，已完成；库房达标率，年度指标值≥95%，实际完成97%，群众反映良好。"
    )
    assert [(line.name, line.target, line.actual, line.evidence) for line in found.indicators] == [
        ("验收合格率", "≥98%", "99.2%", ""),
        ("库房达标率", "≥95%", "97%", "群众反映良好"),
    ]


def test_short_answers_under_headings_are_no_broken_lines():
    text = (
        f"{HEAD}一、绩效目标设置情况\n（一）阶段性绩效目标\n（本节未填写）\n"
        "二、绩效评价工作情况\n（一）绩效评价目的\n（本节未填写）\n"
    )
    sections = {section.title: section.text for section in read_text(text).narrative}
    assert sections["阶段性绩效目标"] == sections["绩效评价目的"] == "（本节未填写）"


def told(*lines: str) -> Dossier:
    """A small report of these chapters."""
    return read_text("\n".join(("示例区档案馆2022年度部门整体支出绩效自评报告", *lines)))


def test_an_adjusted_budget_makes_the_one_before_it_the_initial_one():
    dossier = told(
        "一、部门整体支出情况",
        "2022年部门预算安排100.00万元。年中调整后全年预算120.00万元，全年支出118.00万元。",
    )
    total = dossier.money.expenditure.stated_total
    assert (total.initial_budget, total.full_budget, total.actual) == (1_000_000, 1_200_000, 1_180_000)


def test_spending_behind_budgeted_income_is_budgeted_too():
    dossier = told(
        "一、部门整体支出情况",
        "部门预算收入100.00万元，支出100.00万元。决算收入120.00万元；决算支出118.00万元。",
    )
    total = dossier.money.expenditure.stated_total
    assert (total.full_budget, total.actual) == (1_000_000, 1_180_000)


def test_spending_in_a_chapter_of_projects_is_not_the_units():
    dossier = told(
        "一、部门整体支出情况",
        "2022年总支出900.00万元。",
        "二、项目资金使用情况",
        "到位财政项目资金65.00万元，其中修缮项目65.00万元。实际支出60.00万元，结转5.00万元。",
    )
    assert dossier.money.expenditure.total(Column.ACTUAL) == 9_000_000
    assert dossier.money.carryover.amount("closing", Column.ACTUAL) is None


def test_accounts_below_a_chapter_of_results_are_read():
    dossier = told(
        "一、部门整体支出绩效实现情况", "（一）资金收支情况", "全年预算100.00万元，实际支出90.00万元。"
    )
    assert dossier.money.expenditure.total(Column.ACTUAL) == 900_000


def test_additions_in_a_list_are_each_an_adjustment():
    dossier = told(
        "一、部门整体支出情况",
        "年初预算100.00万元，调整后预算130.00万元，主要是追加修缮资金20.00万元、人员绩效10.00万元。",
    )
    assert [item.amount for item in dossier.money.adjustments] == [200_000, 100_000]


def test_a_rate_is_no_target_of_a_number():
    dossier = told(
        "一、绩效目标",
        "本科上线率达到65%以上。",
        "二、绩效目标完成情况",
        "1、参加考试798人，本科上线505人，本科上线率63.28%。",
    )
    targets = {item.name: item.target for item in dossier.indicators.indicators}
    assert targets["本科上线率"] == "65%以上"
    assert targets.get("本科上线") is None


def test_a_table_of_points_stands_for_the_sentences_on_the_same_indicators():
    dossier = told(
        "一、绩效目标完成情况",
        "1.就业：目标2800人，实际3012人，因政策扩围人数增加。",
        "二、绩效自评得分",
        "指标名称 年度指标值 全年完成值 权重 得分",
        "预算执行率 100% 96.01% 10 9.6",
        "就业人数 ≥2800人 3012人 30 30",
        "检查家次 ≥1200家次 1260家次 30 30",
        "居民满意度 ≥90% 91.6% 30 30",
        "自评总分99.6分，等级为优。",
    )
    assert [(item.name, item.weight) for item in dossier.indicators.indicators] == [
        ("就业人数", 30),
        ("检查家次", 30),
        ("居民满意度", 30),
    ]
    claimed = dossier.indicators.assessment
    assert (claimed.execution_weight, claimed.execution_score) == (10, Decimal("9.6"))


def test_a_blank_place_for_the_seal_is_no_name():
    dossier = told("一、部门基本情况", "编制9名。", "单位名称：（公章）            年  月  日")
    assert dossier.profile.department == "示例区档案馆"


def test_points_of_a_part_are_not_the_total():
    dossier = told("一、自评结论", "投入15分，自评15分；过程85分，自评82.5分；合计97.5分，评价等级为“优”。")
    assert dossier.indicators.assessment.score == Decimal("97.5")


def test_the_value_before_the_actual_one_is_the_target():
    dossier = told(
        "一、绩效目标完成情况", "（一）数量指标", "节水灌溉面积≥3万亩，实际完成3.2万亩，完成率106.67%。"
    )
    line = dossier.indicators.indicators[0]
    assert (line.target, line.actual) == ("≥3万亩", "3.2万亩")
