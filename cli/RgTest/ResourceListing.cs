using System.Collections.Immutable;
using System.Globalization;
using Quorate.Model.Configuration;
using Quorate.Model.Domains;
using Quorate.Model.Resources;

namespace Quorate.Cli.RgTest;

/// <summary>Prints resources, trees and failover domains in the old tool's layout.</summary>
/// <remarks>Source: rgmanager.md 2.5 and 5.3. What has no value prints its name alone; a control character prints as a space.</remarks>
internal sealed class ResourceListing(TextWriter output)
{
    /// <summary>One line, whatever a name in it holds.</summary>
    public void Line(string line) =>
        output.WriteLine(line.Any(char.IsControl) ? string.Concat(line.Select(letter => char.IsControl(letter) ? ' ' : letter)) : line);

    /// <summary>Every resource with its attributes, the primary one first, and behind its type what a delta asks of it.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="flags">What follows the type, such as <c> [NEEDSTOP]</c>.</param>
    public void Resources(ClusterConfiguration configuration, Func<ResourceDefinition, string> flags)
    {
        Dictionary<(string, string), int> uses = configuration.Services
            .SelectMany(service => ResourceOrder.Start(service.Tree))
            .CountBy(node => (node.Type.Name, node.Name))
            .ToDictionary();
        foreach (ResourceDefinition resource in configuration.Resources)
        {
            Line($"Resource type: {resource.Type.Name}{flags(resource)}");
            if (resource.Type.MaxInstances > 0)
            {
                int used = uses.GetValueOrDefault((resource.Type.Name, resource.Name));
                Line(string.Create(CultureInfo.InvariantCulture, $"Instances: {used}/{resource.Type.MaxInstances}"));
            }

            Agent(resource.Type);
            Line("Attributes:");
            foreach (ResourceParameter parameter in resource.Type.Parameters)
            {
                Attribute(parameter, resource.Attributes.GetValueOrDefault(parameter.Name));
            }

            foreach ((string name, string value) in Others(resource.Type, resource.Attributes))
            {
                Line($"  {name} = {value}");
            }

            Line("");
        }
    }

    /// <summary>The trees of all services, each resource with the values its agent would get.</summary>
    public void Trees(ClusterConfiguration configuration)
    {
        foreach (ServiceDefinition service in configuration.Services)
        {
            Tree(service.Tree, "");
        }
    }

    /// <summary>The failover domains with their members.</summary>
    public void Domains(ClusterConfiguration configuration)
    {
        foreach (FailoverDomain domain in configuration.FailoverDomains.Values)
        {
            string[] flags =
            [
                .. domain.IsOrdered ? ["Ordered"] : Array.Empty<string>(),
                .. domain.IsRestricted ? ["Restricted"] : Array.Empty<string>(),
                .. domain.IsNoFailback ? ["No Failback"] : Array.Empty<string>(),
            ];
            Line($"Failover domain: {domain.Name}");
            Line($"Flags: {(flags.Length > 0 ? string.Join(' ', flags) : "none")}");
            foreach (FailoverDomainMember member in domain.Members)
            {
                int id = configuration.FindNode(member.Node)?.Id ?? 0;
                Line(string.Create(CultureInfo.InvariantCulture, $"  Node {member.Node} (id {id}, priority {member.Priority ?? 0})"));
            }

            Line("");
        }
    }

    /// <summary>The program that runs a type, where one is known.</summary>
    public void Agent(ResourceType type)
    {
        if (type.Agent is { Type.Length: > 0 } agent)
        {
            Line($"Agent: {agent.Type}");
        }
    }

    /// <summary>What a parameter is, in the old tool's brackets; empty where it is nothing special.</summary>
    public static string Traits(ResourceParameter parameter)
    {
        string[] traits =
        [
            .. parameter.IsPrimary ? ["primary"] : Array.Empty<string>(),
            .. parameter.IsUnique ? ["unique"] : Array.Empty<string>(),
            .. parameter.IsRequired ? ["required"] : Array.Empty<string>(),
            .. parameter.IsReconfigurable ? ["reconfig"] : Array.Empty<string>(),
            .. parameter.Inherit is { } source ? [$"inherit(\"{source}\")"] : Array.Empty<string>(),
        ];
        return traits.Length == 0 ? "" : $" [ {string.Join(' ', traits)} ]";
    }

    /// <summary>The attributes that no parameter names; only types such as <c>ocf</c> have them.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Others(ResourceType type, ImmutableSortedDictionary<string, string> attributes) =>
        attributes.Where(attribute => !type.Parameters.Any(parameter => parameter.Name == attribute.Key));

    private void Attribute(ResourceParameter parameter, string? value)
    {
        if (value is not null)
        {
            // An own value drops the inheritance, as it does where the resource is used.
            Line($"  {parameter.Name} = {value}{Traits(parameter with { Inherit = null })}");
        }
        else if (parameter.Inherit is not null)
        {
            Line($"  {parameter.Name}{Traits(parameter)}");
        }
    }

    private void Tree(ResourceNode node, string indent)
    {
        Line($"{indent}{node.Type.Name} (S0) {{");
        foreach (ResourceParameter parameter in node.Type.Parameters)
        {
            if (node.Attributes.TryGetValue(parameter.Name, out string? value))
            {
                Line($"{indent}  {parameter.Name} = \"{value}\";");
            }
        }

        foreach ((string name, string value) in Others(node.Type, node.Attributes))
        {
            Line($"{indent}  {name} = \"{value}\";");
        }

        foreach (ResourceNode child in node.Children)
        {
            Tree(child, $"{indent}  ");
        }

        Line($"{indent}}}");
    }
}
