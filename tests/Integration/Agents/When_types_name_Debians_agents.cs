using System.Diagnostics;
using System.Xml.Linq;
using Quorate.Model.Resources;

namespace Quorate.Tests.Integration.Agents;

/// <summary>Every agent that a rule file names is there, and knows each parameter that it is given. Source: docs/resource-types.md.</summary>
public sealed class When_types_name_Debians_agents
{
    private const string Directory = "/usr/lib/ocf/resource.d/heartbeat";

    [DebianAgentsFact]
    public async Task Each_agent_knows_its_parameters()
    {
        List<string> unknown = [];
        foreach (ResourceType type in ResourceTypeCatalog.BuiltIn.Types)
        {
            if (type.Agent is { Class: AgentClass.Ocf, Provider: "heartbeat" } agent)
            {
                HashSet<string> known = await ParametersOfAsync(agent.Type);
                unknown.AddRange(ParametersGiven(type, agent).Where(parameter => !known.Contains(parameter)).Select(parameter => $"{type.Name}: {agent.Type} knows no {parameter}"));
            }
        }

        Assert.Empty(unknown);
    }

    private static IEnumerable<string> ParametersGiven(ResourceType type, AgentBinding agent) =>
        agent.Maps.IsEmpty && agent.Splits.IsEmpty && agent.Joins.IsEmpty
            ? type.Parameters.Select(parameter => parameter.Name)
            : agent.Maps.Select(map => map.Parameter).Concat(agent.Joins.Select(join => join.Parameter))
                .Concat(agent.Splits.SelectMany(split => new[] { split.First, split.Rest })).Concat(agent.FixedParameters.Keys);

    private static async Task<HashSet<string>> ParametersOfAsync(string agent)
    {
        ProcessStartInfo start = new(Path.Combine(Directory, agent), ["meta-data"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OCF_ROOT"] = "/usr/lib/ocf";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"cannot start {agent}");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(output.Length > 0, $"{agent} has no meta-data: {await errors}");
        string xml = output[output.IndexOf("<resource-agent", StringComparison.Ordinal)..];
        return [.. XElement.Parse(xml).Descendants("parameter").Select(parameter => (string?)parameter.Attribute("name") ?? "")];
    }
}
