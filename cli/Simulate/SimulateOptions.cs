using System.Collections.Immutable;

using Quorate.Contracts;
using Quorate.Model.Configuration;

namespace Quorate.Cli.Simulate;

/// <summary>Reads <c>--down</c> and <c>--running</c>. Service names may hold spaces, colons, '=' and commas; node names hold no commas.</summary>
internal static class SimulateOptions
{
    /// <summary>Reads lists of nodes.</summary>
    /// <returns>False with a sentence when a name is empty or not configured.</returns>
    public static bool TryReadNodes(
        IEnumerable<string> lists, ClusterConfiguration configuration, out ImmutableHashSet<NodeName> nodes, out string problem)
    {
        problem = "";
        nodes = [];
        foreach (string typed in lists.SelectMany(list => list.Split(',')).Select(name => name.Trim()))
        {
            if (typed.Length == 0)
            {
                problem = "--down wants NODE,... and got an empty name";
                return false;
            }

            NodeName node = new(typed);
            if (configuration.FindNode(node) is null)
            {
                problem = UnknownNode(typed, configuration);
                return false;
            }

            nodes = nodes.Add(node);
        }

        return true;
    }

    /// <summary>Reads lists of <c>SERVICE=NODE</c>.</summary>
    /// <returns>False with a sentence when something is empty, unknown, unreadable or said twice.</returns>
    public static bool TryReadRunning(
        IEnumerable<string> lists, ClusterConfiguration configuration, out ImmutableDictionary<ServiceName, NodeName> running, out string problem)
    {
        problem = "";
        running = ImmutableDictionary<ServiceName, NodeName>.Empty;
        foreach (string list in lists)
        {
            // A comma may be part of a name: pieces are joined until they make sense.
            string pending = "";
            foreach (string piece in list.Split(','))
            {
                pending = pending.Length == 0 ? piece : $"{pending},{piece}";
                if (pending.Trim().Length == 0)
                {
                    problem = "--running wants SERVICE=NODE,... and got an empty item";
                    return false;
                }

                if (!TryReadPair(pending.Trim(), configuration, out ServiceName service, out NodeName node))
                {
                    continue;
                }

                if (running.TryGetValue(service, out NodeName other) && other != node)
                {
                    problem = $"{service} is said to run on both {other} and {node}";
                    return false;
                }

                running = running.SetItem(service, node);
                pending = "";
            }

            if (pending.Length > 0)
            {
                problem = Explain(pending.Split(',')[0].Trim(), configuration);
                return false;
            }
        }

        return true;
    }

    /// <summary>Every '=' may be the one in the middle; the last that makes sense is.</summary>
    private static bool TryReadPair(string text, ClusterConfiguration configuration, out ServiceName service, out NodeName node)
    {
        for (int at = text.LastIndexOf('='); at > 0; at = text.LastIndexOf('=', at - 1))
        {
            node = new NodeName(text[(at + 1)..].Trim());
            if (configuration.FindNode(node) is not null && TryFindService(text[..at].Trim(), configuration, out service))
            {
                return true;
            }
        }

        (service, node) = (default, default);
        return false;
    }

    private static bool TryFindService(string typed, ClusterConfiguration configuration, out ServiceName service)
    {
        service = ServiceName.Parse(typed);
        if (configuration.FindService(service) is null)
        {
            // "a:b" may be the name of a service as well as a type and a name.
            service = new ServiceName($"service:{typed}");
        }

        return configuration.FindService(service) is not null;
    }

    private static string Explain(string text, ClusterConfiguration configuration)
    {
        int at = text.LastIndexOf('=');
        if (at <= 0 || at == text.Length - 1)
        {
            return $"--running wants SERVICE=NODE, not '{text}'";
        }

        string service = text[..at].Trim();
        return TryFindService(service, configuration, out _)
            ? UnknownNode(text[(at + 1)..].Trim(), configuration)
            : $"there is no service '{service}' in the configuration";
    }

    private static string UnknownNode(string typed, ClusterConfiguration configuration) =>
        $"there is no node '{typed}' in the configuration; it has {string.Join(", ", configuration.Nodes.Select(node => node.Name))}";
}
