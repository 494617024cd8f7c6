using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Quorate.Model.Resources;

namespace Quorate.Executor.Core.Agents;

/// <summary>Translates a resource and an action into one run of its agent.</summary>
/// <remarks>Source: rgmanager.md 2.6 (environment), the OCF resource agent API 1.1.</remarks>
public static class InvocationOf
{
    private const string StatusAction = "status";
    private const string MonitorAction = "monitor";

    /// <summary>The run of <paramref name="action"/> on a resource.</summary>
    /// <param name="node">The resource, resolved.</param>
    /// <param name="action">rgmanager's word or OCF's: <c>status</c> and <c>monitor</c> are the same thing.</param>
    /// <param name="depth"><c>OCF_CHECK_LEVEL</c>; 0 but for deep checks.</param>
    /// <param name="interval">The interval of a recurring check; zero for a single run.</param>
    /// <returns>Null where there is nothing to run: the type only groups others, or nobody wrote down how to run it.</returns>
    public static AgentInvocation? Action(ResourceNode node, string action, int depth = 0, TimeSpan interval = default)
    {
        if (AgentCall.For(node) is not { Class: not AgentClass.Group } agent)
        {
            return null;
        }

        string called = NameFor(agent.Class, action);
        long timeout = AgentTimeouts.Effective(TimeoutOf(node, action, depth), node.EnforceTimeouts ?? true);
        return new AgentInvocation
        {
            Class = agent.Class,
            Provider = agent.Class == AgentClass.Ocf ? agent.Provider : "",
            Type = agent.Class == AgentClass.Lsb ? "" : agent.Type.Length > 0 ? agent.Type : node.Type.Name,
            File = agent.Class == AgentClass.Lsb ? agent.Type : "",
            Action = called,
            Resource = node.Label,
            Environment = EnvironmentOf(node, agent, called, depth, interval, timeout),
            TimeoutMilliseconds = timeout,
        };
    }

    /// <summary>The run that says whether the resource runs here.</summary>
    public static AgentInvocation? Monitor(ResourceNode node) => Action(node, MonitorAction);

    private static string NameFor(AgentClass agentClass, string action) => (agentClass, action) switch
    {
        (AgentClass.Ocf, StatusAction) => MonitorAction,
        (AgentClass.Rgmanager or AgentClass.Lsb, MonitorAction) => StatusAction,
        _ => action,
    };

    /// <summary>The timeout of the action itself, else of its other name, at the greatest depth not above the asked one.</summary>
    private static TimeSpan TimeoutOf(ResourceNode node, string action, int depth)
    {
        string other = action == MonitorAction ? StatusAction : action == StatusAction ? MonitorAction : action;
        return node.Actions
            .Where(row => row.Timeout > TimeSpan.Zero && row.Depth <= depth && (row.Name == action || row.Name == other))
            .OrderByDescending(row => row.Name == action)
            .ThenByDescending(row => row.Depth)
            .Select(row => row.Timeout)
            .FirstOrDefault();
    }

    private static ImmutableSortedDictionary<string, string> EnvironmentOf(
        ResourceNode node, AgentCall agent, string action, int depth, TimeSpan interval, long timeout)
    {
        ImmutableSortedDictionary<string, string>.Builder variables =
            ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach ((string parameter, string value) in agent.Parameters)
        {
            variables[$"OCF_RESKEY_{parameter}"] = value;
        }

        string timeoutText = timeout.ToString(CultureInfo.InvariantCulture);
        variables["OCF_RA_VERSION_MAJOR"] = "1";
        variables["OCF_RA_VERSION_MINOR"] = agent.Class == AgentClass.Ocf ? "1" : "0";
        variables["OCF_RESOURCE_TYPE"] = agent.Class == AgentClass.Ocf && agent.Type.Length > 0 ? agent.Type : node.Type.Name;
        variables["OCF_CHECK_LEVEL"] = depth.ToString(CultureInfo.InvariantCulture);
        if (agent.Class == AgentClass.Ocf)
        {
            variables["OCF_RESOURCE_PROVIDER"] = agent.Provider;
            variables["OCF_RESOURCE_INSTANCE"] = InstanceName(node);
            variables["OCF_RESKEY_CRM_meta_timeout"] = timeoutText;
            variables["OCF_RESKEY_CRM_meta_interval"] = ((long)interval.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
            variables["OCF_RESKEY_CRM_meta_name"] = action;
        }
        else
        {
            variables["OCF_RESOURCE_INSTANCE"] = node.Label;
            variables["OCF_RESKEY_RGMANAGER_meta_timeout"] = timeoutText;
            variables["OCF_RESKEY_RGMANAGER_meta_refcnt"] = "0";
        }

        return variables.ToImmutable();
    }

    /// <summary>
    /// OCF agents build file names from the instance (state files, pid files), so it holds only characters safe in one, and the
    /// type too: two resources must not share a state file, not even "a b" and "a_b". What is not safe is written as its number.
    /// </summary>
    private static string InstanceName(ResourceNode node)
    {
        StringBuilder instance = new($"{node.Type.Name}_");
        foreach (char letter in node.Name)
        {
            bool isSafe = char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_';
            _ = isSafe ? instance.Append(letter) : instance.Append(CultureInfo.InvariantCulture, $"+{(int)letter:X4}");
        }

        return instance.ToString();
    }
}
