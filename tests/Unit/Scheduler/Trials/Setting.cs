namespace Quorate.Tests.Unit.Scheduler.Trials;

/// <summary>The services of a trial, and what their configuration may become.</summary>
/// <param name="Name">For the story.</param>
/// <param name="Versions">The children of <c>rm</c>, first as it begins.</param>
/// <param name="Excuses">What the planner may say of a service that does not run in the end: the rules of this setting may rightly keep it from that.</param>
internal sealed record Setting(string Name, string[] Versions, params string[] Excuses)
{
    private const string Domains =
        """
        <failoverdomains>
          <failoverdomain name="d" ordered="1"><failoverdomainnode name="a" priority="1"/><failoverdomainnode name="b" priority="2"/></failoverdomain>
          <failoverdomain name="r" restricted="1"><failoverdomainnode name="b"/><failoverdomainnode name="c"/></failoverdomain>
        </failoverdomains>
        """;

    private const string Guest = """<vm name="g" domain="d" path="/srv"/><service name="w" recovery="relocate"><ip address="10.0.0.1"/></service>""";
    private const string Tied = """<service name="db" domain="d"><ip address="10.0.0.1"/></service><service name="app" depend="db"><script name="x" file="/x"/></service>""";

    public static Setting[] All { get; } =
    [
        new("a guest", [Domains + Guest, Domains + Guest.Replace("/srv", "/new", StringComparison.Ordinal), Domains + """<vm name="g" path="/srv"/>"""]),
        new("changes",
        [
            Domains + """<service name="w" domain="d"><ip address="10.0.0.1"/><script name="x" file="/x"/></service><service name="v"/>""",
            Domains + """<service name="w" domain="r"><ip address="10.0.0.1"/><script name="x" file="/y"/></service><service name="v"><ip address="10.0.0.2"/></service>""",
            Domains + """<service name="w" domain="d"><script name="x" file="/x"/></service><service name="v"><ip address="10.0.0.1"/></service>""",
            Domains + """<service name="v"><ip address="10.0.0.1"/></service>""",
        ]),
        new("together",
        [
            Domains + Tied + """<dependencies><dependency name="app"><target name="db" colocate="always"/></dependency></dependencies>""",
            Domains + Tied,
        ]),
        new("apart",
        [
            Domains + Tied + """<dependencies><dependency name="app"><target name="db" colocate="never"/></dependency></dependencies>""",
            Domains + Tied + """<dependencies><dependency name="app"><target name="db" require="always" colocate="always"/></dependency></dependencies>""",
        ]),
        new("exclusive",
        [
            Domains + """<service name="x" domain="d" exclusive="1"/><service name="w" domain="r"/>""",
            Domains + """<service name="x" domain="r" exclusive="1"/><service name="w" domain="d"/>""",
            Domains + """<service name="x" exclusive="1"/><service name="w" exclusive="2"/>""",
        ]),
        new("guests and ties",
        [
            Domains + """<vm name="g"/><vm name="h" domain="d"/><dependencies><dependency name="vm:g"><target name="vm:h" colocate="never"/></dependency></dependencies>""",
            Domains + """<vm name="g"/><vm name="h" domain="d"/><dependencies><dependency name="vm:g"><target name="vm:h" colocate="always"/></dependency></dependencies>""",
        ]),
    ];

    public bool MayStay(string reason) => Array.Exists(Excuses, excuse => reason.Contains(excuse, StringComparison.Ordinal));
}
