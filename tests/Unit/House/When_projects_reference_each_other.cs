using System.Xml.Linq;

namespace Quorate.Tests.Unit.House;

/// <summary>
/// Source: DESIGN 2, "Who may reference whom". A project that is not in the table has no rule yet and fails: decide what it may
/// reference before it references anything.
/// </summary>
public sealed class When_projects_reference_each_other
{
    private const string AnalyzerPackages = "Microsoft.CodeAnalysis.BannedApiAnalyzers";

    private static readonly string[] PureProjects = ["Quorate.Contracts", "Quorate.Model"];

    private static readonly string[] EnginePackages =
    [
        "MassTransit", "MassTransit.Abstractions", "MassTransit.RabbitMQ", "RabbitMQ.Client", "Npgsql", "Microsoft.Data.Sqlite",
        "SQLitePCLRaw.bundle_e_sqlite3", "SQLitePCLRaw.core", "Dapper", "OpenTelemetry", "OpenTelemetry.Exporter.OpenTelemetryProtocol",
        "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.AspNetCore.OpenApi", "Microsoft.OpenApi",
    ];

    private static readonly string[] ServiceNames = ["Quorum", "Scheduler", "Executor", "Rmtab"];

    // Tests and measurements may reach everything; they are not part of what runs.
    private static readonly string[] UnboundFolders = ["tests", "bench"];

    public static TheoryData<string> EveryProject => [.. ProjectFiles().Select(Repository.Relative)];

    [Theory]
    [MemberData(nameof(EveryProject))]
    public void A_project_references_only_what_its_rule_allows(string project)
    {
        if (IsUnbound(project))
        {
            return;
        }

        string name = Path.GetFileNameWithoutExtension(project);

        (string[] projects, string[] packages) = RuleOf(name);

        Findings.AssertNone(
            $"{name} may not reference these projects.",
            References(project, "ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference)).Except(projects));
        Findings.AssertNone(
            $"{name} may not reference these packages.",
            References(project, "PackageReference").Except([.. packages, AnalyzerPackages]));
    }

    [Theory]
    [MemberData(nameof(EveryProject))]
    public void A_pure_project_takes_nothing_but_the_plain_framework(string project)
    {
        if (!IsPure(Path.GetFileNameWithoutExtension(project)))
        {
            return;
        }

        XElement root = Load(project);

        Assert.Equal("Microsoft.NET.Sdk", root.Attribute("Sdk")?.Value);
        Assert.Empty(References(project, "FrameworkReference"));
        Assert.Empty(References(project, "Reference"));
        Assert.Empty(root.Descendants("NoWarn"));
    }

    [Fact]
    public void No_service_references_another_service()
    {
        var meetings = ProjectFiles().Select(Repository.Relative).Where(project => !IsUnbound(project))
            .Where(project => ServiceOf(Path.GetFileNameWithoutExtension(project)) is not null)
            .SelectMany(project => References(project, "ProjectReference")
                .Select(reference => (From: Path.GetFileNameWithoutExtension(project), To: Path.GetFileNameWithoutExtension(reference))))
            .Where(edge => ServiceOf(edge.To) is { } other && other != ServiceOf(edge.From))
            .Select(edge => $"{edge.From} references {edge.To}");

        Findings.AssertNone("Services meet on the bus only.", meetings);
    }

    [Fact]
    public void Every_project_is_in_the_solution_and_named_for_its_folder()
    {
        var listed = XDocument.Load(Path.Combine(Repository.Root, "Quorate.slnx")).Descendants("Project")
            .Select(project => project.Attribute("Path")!.Value).Order(StringComparer.Ordinal);

        Assert.Equal(ProjectFiles().Select(Repository.Relative), listed);
        Assert.All(ProjectFiles(), file => Assert.Equal(
            Repository.Relative(Path.GetDirectoryName(file)!).Split('/').Where(part => part != "services").Select(Folded),
            Path.GetFileNameWithoutExtension(file).Split('.').Skip(1).Select(Folded)));
    }

    [Fact]
    public void Every_version_stands_once_in_the_central_file()
    {
        Assert.All(ProjectFiles(), file => Assert.DoesNotContain(
            Load(Repository.Relative(file)).Descendants("PackageReference"),
            package => package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null));
    }

    private static (string[] Projects, string[] Packages) RuleOf(string name) => name switch
    {
        "Quorate.Contracts" => ([], []),
        "Quorate.Model" => (["Quorate.Contracts"], []),
        "Quorate.Hosting" => (["Quorate.Contracts"], EnginePackages),
        "Quorate.Cli" => ([.. ProjectFiles().Select(file => Path.GetFileNameWithoutExtension(file))], ["System.CommandLine", "Spectre.Console"]),
        "Quorate.Executor.Guard" => ([.. PureProjects, "Quorate.Executor.Core"], []),
        _ when name.EndsWith(".Core", StringComparison.Ordinal) => (PureProjects, []),
        _ when name.EndsWith(".Service", StringComparison.Ordinal) && ServiceOf(name) is { } service =>
            ([.. PureProjects, $"Quorate.{service}.Core", "Quorate.Hosting"], []),
        _ => throw new Xunit.Sdk.XunitException($"{name} has no rule: say in this table what it may reference"),
    };

    private static bool IsPure(string name) => name.EndsWith(".Core", StringComparison.Ordinal) || PureProjects.Contains(name);

    private static bool IsUnbound(string project) => UnboundFolders.Contains(project.Split('/')[0]);

    private static string? ServiceOf(string name) =>
        name.Split('.') is ["Quorate", var part, ..] && ServiceNames.Contains(part) ? part : null;

    // cli/Quorate.Cli, contracts/Quorate.Contracts: the same words, letter case aside.
    private static string Folded(string part) => part.ToUpperInvariant();

    private static IReadOnlyList<string> ProjectFiles() => Repository.Files(".csproj");

    private static IEnumerable<string> References(string project, string kind) =>
        Load(project).Descendants(kind).Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'));

    private static XElement Load(string project) => XDocument.Load(Path.Combine(Repository.Root, project)).Root!;
}
