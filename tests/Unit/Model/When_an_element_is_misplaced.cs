using Quorate.Contracts.Catalogue;
using Quorate.Model.Configuration;

namespace Quorate.Tests.Unit.Model;

public sealed class When_an_element_is_misplaced
{
    private const string Target = """<dependency name="s"><target name="t" require="never"/></dependency>""";

    /// <summary>A dependency that is silently dropped lets two services run beside each other that never may.</summary>
    [Theory, Trait("Message", "1060")]
    [InlineData($"""<service name="s"><dependencies>{Target}</dependencies></service><service name="t"/>""", "<dependencies> belongs directly below <rm>, not below <service>")]
    [InlineData($"""<service name="s"/><service name="t"/><resources><dependencies>{Target}</dependencies></resources>""", "<dependencies> belongs directly below <rm>, not below <resources>")]
    [InlineData($"""<service name="s"/><service name="t"/><Dependencies>{Target}</Dependencies>""", "<Dependencies> must be written <dependencies> and belongs directly below <rm>;")]
    [InlineData($"""<service name="s"/><service name="t"/>{Target}""", "<dependency> \"s\" belongs directly below <dependencies>, not below <rm>")]
    public void A_dependency_that_nobody_would_see_is_an_error_that_says_where_it_belongs(string rm, string text)
    {
        ConfigurationResult result = Conf.ReadRm(rm);

        ConfigProblem problem = Assert.Single(result.Problems);
        Assert.Equal((ProblemCode.MisplacedElement, ConfigSeverity.Error), (problem.Code, problem.Severity));
        Assert.Contains(text, problem.Text, StringComparison.Ordinal);
        Assert.Equal(2, result.Configuration!.Services.Length);
    }

    /// <summary>Of what is skipped only the outermost is named.</summary>
    [Theory, Trait("Message", "1060")]
    [InlineData("""<service name="s"><failoverdomains><failoverdomain name="d"><failoverdomainnode name="n1"/></failoverdomain></failoverdomains></service>""", "<failoverdomains> belongs directly below <rm>")]
    [InlineData("""<failoverdomain name="d"><failoverdomainnode name="n1"/></failoverdomain>""", "<failoverdomain> \"d\" belongs directly below <failoverdomains>")]
    [InlineData("""<service name="s"><resources><ip address="10.0.0.1"/></resources></service>""", "<resources> belongs directly below <rm>")]
    [InlineData("""<fencedevices><fencedevice name="x" agent="fence_x"/></fencedevices>""", "<fencedevices> belongs directly below <cluster>")]
    [InlineData("""<totem token="5000"/>""", "<totem> belongs directly below <cluster>")]
    public void Every_element_with_a_place_of_its_own_says_which(string rm, string text)
    {
        ConfigProblem problem = Assert.Single(Conf.ReadRm(rm).Problems);

        Assert.Equal(ProblemCode.MisplacedElement, problem.Code);
        Assert.Contains(text, problem.Text, StringComparison.Ordinal);
    }

    /// <summary>Nothing was said of what stood beside <c>rm</c> in place of within.</summary>
    [Theory]
    [InlineData("""<service name="s"/>""", "<service> \"s\" belongs directly below <rm>, not below <cluster>")]
    [InlineData("""<failoverdomains/>""", "<failoverdomains> belongs directly below <rm>, not below <cluster>")]
    [InlineData("""<dependencies/>""", "<dependencies> belongs directly below <rm>, not below <cluster>")]
    public void What_stands_beside_rm_is_not_passed_over(string beside, string text)
    {
        string whole = Conf.WithRm("").Replace("<rm>", $"{beside}<rm>", StringComparison.Ordinal);

        Assert.Contains(text, Assert.Single(Conf.Read(whole).Problems).Text, StringComparison.Ordinal);
    }

    /// <summary>The original's tree takes a service as a resource (rgmanager.md 2.2), which is seldom meant.</summary>
    [Fact, Trait("Message", "1061")]
    public void A_service_within_a_service_is_said_to_be_none_of_its_own()
    {
        ConfigurationResult result = Conf.ReadRm("""<service name="outer"><service name="inner" autostart="0"><ip address="10.0.0.1"/></service></service>""");

        ConfigProblem problem = Assert.Single(result.Problems);
        Assert.Equal((ProblemCode.ServiceWithinResource, ConfigSeverity.Warning), (problem.Code, problem.Severity));
        Assert.Contains("move it directly below <rm>", problem.Text, StringComparison.Ordinal);
        Assert.Equal(["service:outer", "service:inner", "ip:10.0.0.1"], result.Start("outer"));
    }

    /// <summary>A number of 1058 and 1059 was written that nobody could have explained.</summary>
    [Fact]
    public void Every_code_of_our_own_is_in_the_catalogue() => Assert.All(
        typeof(ProblemCode).GetFields().Select(field => (string)field.GetRawConstantValue()!).Where(code => code[0] == 'Q'),
        code => Assert.NotEmpty(MessageCatalogue.Find(int.Parse(code[1..], System.Globalization.CultureInfo.InvariantCulture))));
}
